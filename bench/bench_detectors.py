"""Our detectors and R's `surveillance`, side by side on the same series in one run.

1,920 weekly series (96 communes × 20 indicators) are judged for the current week; R judges some of them
with the same options, and the bounds are compared. Then the fourteen outbreak series that the R package
carries, with outbreaks marked by epidemiologists: how much is found, and how much rings for nothing.
Needs `Rscript` with the package (Debian: apt-get install r-cran-surveillance); the program does not.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from vamco.alerts.detectors import ears, farrington, historical
from vamco.alerts.detectors.ears import EarsOptions, Method
from vamco.alerts.detectors.farrington import IMPROVED
from vamco.alerts.detectors.historical import MeanOptions, PercentileOptions

N_SERIES, N_WEEKS, N_IN_R, N_TIMES = 1_920, 8 * 52, 60, 5
LAST_TWO = slice(-2, None)  # R cannot judge one week alone by C3
SECONDS_LIMIT, FARRINGTON_LEAST, EARS_LEAST = 5.0, 10.0, 10.0
PROGRAM = """
suppressMessages(library(surveillance))
folder <- commandArgs(TRUE)[1]
series <- as.matrix(read.csv(file.path(folder, "series.csv"), header=FALSE))
many <- sts(observed=t(series), start=c(2018, 1), frequency=52)
now <- nrow(observed(many))
farrington_control <- list(range=now, b=5, w=3, noPeriods=10, pastWeeksNotIncluded=26, pThresholdTrend=1,
    thresholdMethod="nbPlugin", alpha=0.01)
taken <- system.time(ff <- farringtonFlexible(many, farrington_control))[["elapsed"]]
bounds <- upperbound(ff)[1, ]
for (method in c("C1", "C2", "C3"))
    taken <- c(taken, system.time(found <- earsC(many, list(range=now - 1:0, method=method)))[["elapsed"]])
write(bounds, file.path(folder, "bounds.txt"), 1)
write(taken, file.path(folder, "taken.txt"), 1)
names <- c("m1","m2","m3","m4","m5","q1_nrwh","q2","s1","s2","s3","k1","n1","n2","h1_nrwrp")
tables <- lapply(names, function(name) {
    home <- new.env(); data(list=name, package="surveillance", envir=home); get(name, home) })
write.csv(sapply(tables, function(d) d$observed), file.path(folder, "counts.csv"), row.names=FALSE)
write.csv(sapply(tables, function(d) d$state), file.path(folder, "states.csv"), row.names=FALSE)
enlarged <- sapply(tables, function(d) c(rep(d$observed[1:208], 2), d$observed))
old <- farrington(sts(observed=enlarged, start=c(1993, 1), frequency=52),
    list(range=416 + 1:209, b=5, w=3, alpha=0.05))
write.csv(alarms(old), file.path(folder, "alarms.csv"), row.names=FALSE)
"""


def run():
    """Rows of ratios; none, with the reason on standard error, where R or its package is absent."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        print("skipped: needs Rscript (Debian: apt-get install r-cran-surveillance)", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory(prefix="vamco-bench-") as home:
        return _side_by_side(rscript, Path(home))


def _side_by_side(rscript, folder):
    series = made_up()
    np.savetxt(folder / "series.csv", series[:N_IN_R], "%d", ",")
    done = subprocess.run([rscript, "-e", PROGRAM, folder], capture_output=True, text=True)
    if done.returncode:
        print(f"skipped: R answered {done.stderr.strip()[-300:]}", file=sys.stderr)
        return []
    taken = np.loadtxt(folder / "taken.txt") / N_IN_R
    flexible = quick(lambda: farrington.detect(series, -1, IMPROVED))
    three = quick(lambda: [ears.detect(series, LAST_TWO, EarsOptions(method)) for method in Method])
    return [
        at_most(
            "1,920 weekly series, Farrington Flexible and EARS, seconds", flexible + three, SECONDS_LIMIT
        ),
        at_least("R's time over ours, Farrington Flexible", taken[0] * N_SERIES / flexible, FARRINGTON_LEAST),
        at_least("R's time over ours, EARS C1, C2, C3", taken[1:].sum() * N_SERIES / three, EARS_LEAST),
        at_most("bounds that differ from R's by more than 1 in 1,000, share", differing(series, folder), 0.0),
        *fourteen_series(folder),
    ]


def made_up():
    """Counts of small and large communes with a season, as the surveillance of a province has them."""
    random = np.random.default_rng(15)
    season = 0.5 * np.cos(2 * np.pi * (np.arange(N_WEEKS) / 52 + random.uniform(size=(N_SERIES, 1))))
    mean = np.exp(random.normal(1.5, 1.0, (N_SERIES, 1)) + season)
    return random.negative_binomial(5, 5 / (5 + mean)).astype(float)


def quick(call):
    """Seconds: the lower quartile, what it takes while nothing else has the processor."""
    seconds = []
    for _ in range(N_TIMES):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.quantiles(seconds, n=4)[0]


def differing(series, folder):
    text = (folder / "bounds.txt").read_text().split()
    theirs = np.array([np.nan if word == "NA" else float(word) for word in text])
    ours = farrington.detect(series[:N_IN_R], -1, IMPROVED).upper[:, 0]
    return 1 - np.isclose(ours, theirs, rtol=1e-3, atol=0, equal_nan=True).mean()


def fourteen_series(folder):
    """Youden's index (found + quiet - 1) of ours over that of R's older Farrington, same weeks and alpha.

    As in the package's own vignette, four years are put twice before the judged weeks.
    """
    counts, states, old = (table(folder / f"{name}.csv") for name in ("counts", "states", "alarms"))
    series, asked = np.hstack([counts[:, :208], counts[:, :208], counts]), slice(416, 625)
    found = {
        "R's older Farrington": old == 1,
        "Farrington Flexible": farrington.detect(series, asked, replace(IMPROVED, alpha=0.05)).alarm,
        **{f"EARS {m}": ears.detect(series, asked, EarsOptions(m, min_sd=0.5)).alarm for m in Method},
        "mean and 2 SD": historical.mean_and_deviations(series, asked, MeanOptions(half_window=3)).alarm,
        "75th percentile": historical.percentile(series, asked, PercentileOptions(half_window=3)).alarm,
    }
    index = {name: youden(name, alarm, states) for name, alarm in found.items()}
    name = "14 SurvStat series, index of Flexible over R's older Farrington"
    return [at_least(name, index["Farrington Flexible"] / index["R's older Farrington"], 1.0)]


def youden(name, alarm, states):
    found, quiet = alarm[states == 1].mean(), 1 - alarm[states == 0].mean()
    print(f"  {name}: sensitivity {found:.3f}, specificity {quiet:.3f}", file=sys.stderr)
    return found + quiet - 1


def table(path):
    return np.genfromtxt(path, delimiter=",", skip_header=1).T


def at_most(name, ratio, limit):
    return {"name": name, "ratio": float(ratio), "limit": limit, "ok": bool(ratio <= limit)}


def at_least(name, ratio, limit):
    return {"name": name, "ratio": float(ratio), "limit": limit, "ok": bool(ratio >= limit)}


if __name__ == "__main__":
    for line in run():
        print(line)
