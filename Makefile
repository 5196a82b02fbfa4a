# PGXS build. CMakeLists.txt builds the same extension from the same list, src/manifest.
#   make && sudo make install        then, in psql: CREATE SCHEMA receivables; CREATE EXTENSION receivables SCHEMA receivables;
# Public holidays come from QuantLib, in a library of its own. RECEIVABLES_QUANTLIB=AUTO builds it where
# QuantLib (1.29 or newer) is found, ON in any case, OFF never. A QuantLib in another place:
#   make QUANTLIB_CPPFLAGS=-I/opt/quantlib/include QUANTLIB_LIBS='-L/opt/quantlib/lib -lQuantLib'
EXTENSION = receivables
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(or $(srcdir),.)/receivables.control)
MANIFEST := $(shell sed 's/\#.*//' $(or $(srcdir),.)/src/manifest)

MODULE_big = receivables
SOURCES = $(filter %.cpp,$(MANIFEST))
OBJS = $(patsubst %.cpp,%.o,$(filter-out src/quantlib/%,$(SOURCES)))
QUANTLIB_OBJS = $(patsubst %.cpp,%.o,$(filter src/quantlib/%,$(SOURCES)))
DATA_built = receivables--$(EXTVERSION).sql

# JUMBO=yes compiles the .cpp of a folder together, as one: a quarter of the time from nothing, all of it
# again after a change. For a build that is tried out and thrown away; helpers of a folder therefore have
# names of their own.
ifdef JUMBO
JUMBO_FOLDERS = $(patsubst src/%/,%,$(sort $(dir $(filter-out src/quantlib/%,$(SOURCES)))))
OBJS = $(JUMBO_FOLDERS:%=jumbo/%.o)
endif
REGRESS = $(basename $(notdir $(sort $(wildcard $(or $(srcdir),.)/sql/*.sql))))
EXTRA_CLEAN = receivables--*.sql receivables_quantlib.so $(QUANTLIB_OBJS) jumbo

PG_CPPFLAGS = -I$(or $(srcdir),.)/src
PG_CXXFLAGS = -std=c++20 -Wall -Wextra -fvisibility=hidden
SHLIB_LINK = -lstdc++

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# PGXS hands PG_CXXFLAGS to the compiler but not to clang's bitcode step.
COMPILE.cxx.bc += $(PG_CXXFLAGS)

HEADERS_ALL = $(wildcard $(srcdir)/src/core/*/*.hpp $(srcdir)/src/pg/*/*.hpp $(srcdir)/src/quantlib/*.hpp)
$(OBJS) $(OBJS:.o=.bc) $(QUANTLIB_OBJS): $(HEADERS_ALL)

ifdef JUMBO
$(OBJS): $(addprefix $(srcdir)/,$(SOURCES))
jumbo/%.cpp: $(srcdir)/src/manifest
	mkdir -p $(@D)
	printf '#include "%s"\n' $(patsubst src/%,%,$(filter src/$*/%,$(SOURCES))) > $@
endif

# The library of QuantLib's calendars; PGXS makes one library only. It has its own copy of the little
# that it takes from the core.
RECEIVABLES_QUANTLIB ?= AUTO
QUANTLIB_LIBS ?= -lQuantLib
QUANTLIB_SHARED_OBJS = src/core/base/civil_date.o src/core/base/status.o
quantlib = $(RECEIVABLES_QUANTLIB)
ifeq ($(quantlib),AUTO)
# What a # in a call means depends on the version of make.
hash := \#
quantlib := $(shell printf '%s\n' '$(hash)include <ql/version.hpp>' '$(hash)if QL_HEX_VERSION < 0x012900f0' '$(hash)error' '$(hash)endif' | \
    $(CXX) $(QUANTLIB_CPPFLAGS) -E -x c++ - >/dev/null 2>&1 && echo ON || echo OFF)
ifeq ($(quantlib),OFF)
$(info Building without QuantLib: no public holidays)
endif
endif

$(QUANTLIB_OBJS): CPPFLAGS += $(QUANTLIB_CPPFLAGS)
receivables_quantlib.so: $(QUANTLIB_OBJS) $(QUANTLIB_SHARED_OBJS)
	$(CXX) $(CXXFLAGS) -shared -o $@ $^ $(LDFLAGS) $(LDFLAGS_SL) $(QUANTLIB_LIBS)
ifeq ($(quantlib),ON)
all: receivables_quantlib.so
install: install-quantlib
endif
install-quantlib: receivables_quantlib.so installdirs
	$(INSTALL_SHLIB) receivables_quantlib.so '$(DESTDIR)$(pkglibdir)/'
uninstall: uninstall-quantlib
uninstall-quantlib:
	rm -f '$(DESTDIR)$(pkglibdir)/receivables_quantlib.so'
.PHONY: install-quantlib uninstall-quantlib

# In a build folder of its own the objects live under src/ there, the sources under $(srcdir):
#   mkdir build && cd build && make -f ../Makefile srcdir=..
# The folders are named in full, because VPATH would find those of the sources.
OBJ_DIRS = $(sort $(patsubst %/,$(CURDIR)/%,$(dir $(SOURCES))))
$(OBJS) $(OBJS:.o=.bc) $(QUANTLIB_OBJS): | $(OBJ_DIRS)
$(OBJ_DIRS): ; mkdir -p $@

receivables--$(EXTVERSION).sql: $(srcdir)/src/manifest $(srcdir)/receivables.control $(wildcard $(srcdir)/src/pg/*/*.sql $(srcdir)/src/pg/*/*.sql.in $(srcdir)/src/pg/*/*.sql.awk) $(srcdir)/src/core/profile/metric_list.inc
	sh $(srcdir)/src/assemble.sh $(srcdir) > $@.new && mv $@.new $@

# A release archive; the version in META.json is filled in here.
dist:
	sh $(srcdir)/src/dist.sh $(srcdir) $(EXTVERSION)
.PHONY: dist
