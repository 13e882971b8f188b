# Writes r_values.csv: what R 4.2.2 makes of the data sets in its first columns.
# Run here as `Rscript r_values.R`; needs coin 1.4-2, exactRankTests 0.8-35, kSamples 1.2-9.
# Grades are 1 (inadequate) to 4 (outstanding). kappa, alpha and AC2 are written out below after
# irrCAC::kappa2.table, irr::kripp.alpha and irrCAC::gwet.ac1.table, on the full 4 x 4 table.
suppressMessages({
  library(coin)
  library(exactRankTests)
  library(kSamples)
})

weights <- function(type) {
  apart <- abs(outer(1:4, 1:4, "-"))
  switch(type,
    linear = 1 - apart / 3,
    quadratic = 1 - apart^2 / 9,
    ordinal = 1 - (apart + 1) * apart / 2 / 6
  )
}
kappa_of <- function(tab, w) {
  tab <- tab / sum(tab)
  chance <- sum(w * outer(rowSums(tab), colSums(tab)))
  (sum(w * tab) - chance) / (1 - chance)
}
ac2_of <- function(tab, w) {
  tab <- tab / sum(tab)
  share <- (rowSums(tab) + colSums(tab)) / 2
  chance <- sum(w) * sum(share * (1 - share)) / (4 * 3)
  (sum(w * tab) - chance) / (1 - chance)
}
alpha_of <- function(tab) {
  both <- tab + t(tab)
  n <- rowSums(both)
  seen <- 0
  expected <- 0
  for (i in 1:3) for (j in (i + 1):4) {
    d <- (sum(n[i:j]) - (n[i] + n[j]) / 2)^2
    seen <- seen + both[i, j] * d
    expected <- expected + n[i] * n[j] * d
  }
  1 - (sum(n) - 1) * seen / expected
}
# Every pair, triple, ... of index sets, without generating functions.
van_elteren_of <- function(strata) {
  deals <- 0
  seen <- 0
  for (s in strata) {
    ranks <- rank(c(s$a, s$b)) / (length(c(s$a, s$b)) + 1)
    deals <- as.vector(outer(deals, combn(length(ranks), length(s$a), function(i) sum(ranks[i])), "+"))
    seen <- seen + sum(ranks[seq_along(s$a)])
  }
  c(
    mean(abs(deals - mean(deals)) >= abs(seen - mean(deals)) - 1e-9),
    mean(deals >= seen - 1e-9), mean(deals <= seen + 1e-9)
  )
}

numbers <- function(text) as.numeric(strsplit(text, " ")[[1]])
parts <- function(text) strsplit(text, "|", fixed = TRUE)[[1]]

inputs <- c("case", "a", "b", "groups", "before", "after", "strata", "k", "n", "p")
cases <- read.csv("r_values.csv", colClasses = "character")[inputs]
rows <- list()
for (i in seq_len(nrow(cases))) {
  one <- cases[i, ]
  got <- c()
  a <- numbers(one$a)
  b <- numbers(one$b)
  y <- c(a, b)
  g <- factor(rep(c("a", "b"), c(length(a), length(b))))
  if (length(unique(y)) > 1) {
    wmw <- function(side) as.numeric(pvalue(wilcox_test(y ~ g, distribution = "exact", alternative = side)))
    got["wmw_distance"] <- wmw("two.sided")
    got["wmw_distance_exactranktests"] <- suppressWarnings(wilcox.exact(a, b)$p.value)
    got["wmw_greater"] <- wmw("greater")
    got["wmw_less"] <- wmw("less")
    got["wmw_doubled"] <- min(1, 2 * min(wmw("greater"), wmw("less")))
  }
  grades <- lapply(parts(one$groups), numbers)
  pooled <- unlist(grades)
  of <- factor(rep(seq_along(grades), lengths(grades)))
  if (length(unique(pooled)) > 1) {
    got["ffh"] <- fisher.test(table(of, pooled), workspace = 2e6)$p.value
    got["kruskal"] <- qn.test(grades, method = "exact", test = "KW", Nsim = 1e8)$qn[3]
    got["kruskal_h"] <- kruskal.test(pooled, of)$statistic
    got["jonckheere_greater"] <- jt.test(grades, method = "exact", Nsim = 1e8)$JT[5]
    got["jonckheere_less"] <- jt.test(lapply(grades, "-"), method = "exact", Nsim = 1e8)$JT[5]
  }
  before <- numbers(one$before)
  after <- numbers(one$after)
  if (any(before != after)) {
    ranked <- function(zeros, side) {
      as.numeric(pvalue(wilcoxsign_test(after ~ before, distribution = "exact", zero.method = zeros, alternative = side)))
    }
    got["signed_rank_pratt"] <- ranked("Pratt", "two.sided")
    got["signed_rank_pratt_greater"] <- ranked("Pratt", "greater")
    got["signed_rank_wilcoxon"] <- ranked("Wilcoxon", "two.sided")
    got["signed_rank_wilcoxon_less"] <- ranked("Wilcoxon", "less")
    got["sign"] <- binom.test(sum(after > before), sum(after != before))$p.value
    got["sign_greater"] <- binom.test(sum(after > before), sum(after != before), alternative = "greater")$p.value
  }
  if (length(unique(c(before, after))) > 1) {
    tab <- table(factor(before, 1:4), factor(after, 1:4))
    got["kappa_linear"] <- kappa_of(tab, weights("linear"))
    got["kappa_quadratic"] <- kappa_of(tab, weights("quadratic"))
    got["alpha_ordinal"] <- alpha_of(tab)
    got["ac2"] <- ac2_of(tab, weights("ordinal"))
    got["ac2_linear"] <- ac2_of(tab, weights("linear"))
    got["ac2_quadratic"] <- ac2_of(tab, weights("quadratic"))
  }
  strata <- lapply(strsplit(parts(one$strata), "/"), function(s) list(a = numbers(s[1]), b = numbers(s[2])))
  if (any(sapply(strata, function(s) length(unique(c(s$a, s$b))) > 1))) {
    got[c("van_elteren_distance", "van_elteren_greater", "van_elteren_less")] <- van_elteren_of(strata)
  }
  k <- as.numeric(one$k)
  n <- as.numeric(one$n)
  got[c("wilson_low", "wilson_high")] <- suppressWarnings(prop.test(k, n, correct = FALSE)$conf.int)
  got[c("clopper_pearson_low", "clopper_pearson_high")] <- binom.test(k, n)$conf.int
  got["jeffreys_low"] <- if (k == 0) 0 else qbeta(.025, k + .5, n - k + .5)
  got["jeffreys_high"] <- if (k == n) 1 else qbeta(.975, k + .5, n - k + .5)
  p <- numbers(one$p)
  got["holm_of_first"] <- p.adjust(p, "holm")[1]
  got["bh_of_first"] <- p.adjust(p, "BH")[1]
  rows[[i]] <- got
}
found <- do.call(rbind, lapply(rows, "[", Reduce(union, lapply(rows, names))))
colnames(found) <- Reduce(union, lapply(rows, names))
found[] <- sprintf("%.14g", found)
found[found == "NA"] <- ""
write.csv(cbind(cases, found), "r_values.csv", row.names = FALSE, quote = FALSE)
cat(sum(found != ""), "values\n")
