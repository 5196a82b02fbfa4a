# PGXS build. CMakeLists.txt builds the same extension from the same list, src/manifest.
#   make && sudo make install        then, in psql: CREATE EXTENSION receivables;
EXTENSION = receivables
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(or $(srcdir),.)/receivables.control)
MANIFEST := $(shell sed 's/\#.*//' $(or $(srcdir),.)/src/manifest)

MODULE_big = receivables
OBJS = $(patsubst %.cpp,%.o,$(filter %.cpp,$(MANIFEST)))
DATA_built = receivables--$(EXTVERSION).sql
REGRESS = $(basename $(notdir $(sort $(wildcard $(or $(srcdir),.)/sql/*.sql))))
EXTRA_CLEAN = receivables--*.sql

PG_CPPFLAGS = -I$(or $(srcdir),.)/src
PG_CXXFLAGS = -std=c++20 -Wall -Wextra -fvisibility=hidden
SHLIB_LINK = -lstdc++

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# PGXS hands PG_CXXFLAGS to the compiler but not to clang's bitcode step.
COMPILE.cxx.bc += $(PG_CXXFLAGS)

HEADERS_ALL = $(wildcard $(srcdir)/src/core/*.hpp $(srcdir)/src/pg/*.hpp)
$(OBJS) $(OBJS:.o=.bc): $(HEADERS_ALL)

# In a build folder of its own the objects live under src/ there, the sources under $(srcdir):
#   mkdir build && cd build && make -f ../Makefile srcdir=..
# The folders are named in full, because VPATH would find those of the sources.
OBJ_DIRS = $(CURDIR)/src/core $(CURDIR)/src/pg
$(OBJS) $(OBJS:.o=.bc): | $(OBJ_DIRS)
$(OBJ_DIRS): ; mkdir -p $@

receivables--$(EXTVERSION).sql: $(srcdir)/src/manifest $(srcdir)/receivables.control $(wildcard $(srcdir)/src/pg/*.sql $(srcdir)/src/pg/*.sql.in)
	sh $(srcdir)/src/assemble.sh $(srcdir) > $@.new && mv $@.new $@

# A release archive; the version in META.json is filled in here.
dist:
	sh $(srcdir)/src/dist.sh $(srcdir) $(EXTVERSION)
.PHONY: dist
