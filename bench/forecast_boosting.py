"""Gradient boosting on the features of forecast_features.sql beside the forecast, for forecast.sh.

forecast_boosting.py FEATURES.csv CUTS.csv PREDICTIONS.csv
CUTS: name, first day, last day. PREDICTIONS: id, day as days since 2000-01-01, of the forecast. For each cut the
model learns from what was paid before it and is asked like the forecast. It prints both mean absolute errors, and
their ratio with an interval of 95 % over 1,000 draws of customers.
"""

import csv
import sys
from datetime import date

import numpy
from sklearn.ensemble import HistGradientBoostingRegressor

EPOCH = date(2000, 1, 1)


def days(text):
    return 10**6 if text == "infinity" else (date.fromisoformat(text) - EPOCH).days


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def ratio_interval(ours, theirs, customers):
    """Quantiles of sum(ours) / sum(theirs) over draws of whole customers."""
    _, place = numpy.unique(customers, return_inverse=True)
    sums = [numpy.bincount(place, weights=errors) for errors in (ours, theirs)]
    draws = numpy.random.default_rng(1).integers(0, len(sums[0]), (1000, len(sums[0])))
    return numpy.quantile(sums[0][draws].sum(axis=1) / sums[1][draws].sum(axis=1), [0.025, 0.975])


def main():
    rows = read(sys.argv[1])[1:]
    forecast = {int(i): float(day) for i, day in read(sys.argv[3])}
    identity = numpy.array([int(r[0]) for r in rows])
    customers = numpy.array([r[1] for r in rows])
    moment = numpy.array([days(r[2]) for r in rows])
    as_of, due, paid = (numpy.array([float(r[k]) for r in rows]) for k in (3, 4, 5))
    features = numpy.array([[float(x) if x else numpy.nan for x in r[6:]] for r in rows])
    print("cut, invoices, forecast, gradient boosting, ratio, from, to")
    for name, first, last in read(sys.argv[2]):
        known = paid < days(first)
        asked = (moment >= days(first)) & (moment <= days(last)) & numpy.isin(identity, list(forecast))
        model = HistGradientBoostingRegressor(loss="absolute_error", max_iter=200, learning_rate=0.05,
                                              min_samples_leaf=20, random_state=1)
        model.fit(features[known], (paid - due)[known])
        day = numpy.maximum(as_of + 1, due + numpy.round(model.predict(features)))
        theirs = numpy.abs(day - paid)[asked]
        ours = numpy.abs(numpy.array([forecast[i] for i in identity[asked]]) - paid[asked])
        low, high = ratio_interval(ours, theirs, customers[asked])
        print(f"{name}, {len(ours)}, {ours.mean():.3f}, {theirs.mean():.3f}, {ours.mean() / theirs.mean():.3f}, "
              f"{low:.3f}, {high:.3f}")


main()
