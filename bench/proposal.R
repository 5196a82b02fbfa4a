# Regression trees of rpart with as many leaves as the proposals have. Reads training.csv and judged.csv,
# which have a row a customer and cut (data, judged_on, rules, bucket, customer, outcome, then the figures),
# from the folder that is the argument; writes rpart.csv: method, data, judged_on, customer, leaf.
suppressMessages(library(rpart))
folder <- commandArgs(trailingOnly = TRUE)[1]
read <- function(name) read.csv(file.path(folder, name), check.names = FALSE, stringsAsFactors = FALSE)
training <- read("training.csv")
judged <- read("judged.csv")
figures <- setdiff(names(training), c("data", "judged_on", "rules", "bucket", "customer", "outcome"))
key <- function(d) paste(d$data, d$judged_on)

# The smallest of the pruned trees that puts the customers into at least so many groups: its leaves, and the
# nodes where those stay of whom rpart knows no way on; the whole tree where none does.
leaves_of <- function(grown, rules, rows) {
    for (cp in grown$cptable[, "CP"]) {
        tree <- prune(grown, cp = cp)
        if (length(unique(tree$where)) >= rules) break
    }
    predict(tree, rows)
}

parts <- lapply(unique(key(training)), function(k) {
    known <- training[key(training) == k, ]
    rows <- judged[key(judged) == k, ]
    grow <- function(bucket, split) rpart(reformulate(sprintf("`%s`", figures), "outcome"), known, method = "anova",
        control = rpart.control(minbucket = bucket, minsplit = split, cp = 0, xval = 0, maxdepth = 30))
    rules <- known$rules[1]
    bucket <- known$bucket[1]
    result <- function(method, tree) data.frame(
        method, data = rows$data, judged_on = rows$judged_on, customer = rows$customer,
        leaf = format(leaves_of(tree, rules, rows[figures]), digits = 15))
    rbind(result("rpart", grow(bucket, 2 * bucket)), result("rpart, leaves of 7", grow(7, 20)))
})
write.csv(do.call(rbind, parts), file.path(folder, "rpart.csv"), row.names = FALSE, quote = TRUE)
