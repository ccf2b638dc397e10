"""Linear classifiers by scikit-learn: prints tests/probes-golden.json, which src/probes/logistic-regression.test.ts compares with.

    python3 tests/probes_golden.py > tests/probes-golden.json
"""
import json

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

samples, width, classes = 60, 7, 4


def numbers(size, seed):
    return numpy.array([((i * 7919 + seed * 613 + 13) % 1009) / 1009 - 0.5 for i in range(size)])


# features of different scales and far from 0, one of which never changes; classes that overlap
scales = numpy.array([1, 10, 0.01, 3, 1, 200, 0])
centres = numpy.array([0, 5, 1, -30, 2, 1000, 4])
labels = numpy.array([(i * i + i // 7) % classes for i in range(samples)])
features = (numbers(samples * width, 1).reshape(samples, width) + 0.4 * numbers(classes * width, 2).reshape(classes, width)[labels]) * scales + centres
weights = 1 + 2 * (numpy.arange(samples) % 3)


def fit(l2, weights):
    # the scaler counts each sample by its weight as well, as Skein does
    scaler = StandardScaler().fit(features, sample_weight=weights)
    total = samples if weights is None else weights.sum()
    # lbfgs would stop early, whatever `tol` is
    model = LogisticRegression(solver="newton-cg", C=1 / (l2 * total), tol=1e-8, max_iter=1000)
    model.fit(scaler.transform(features), labels, sample_weight=weights)
    return {
        "l2": l2,
        **({} if weights is None else {"weights": weights.tolist()}),
        "coefficients": (model.coef_ / scaler.scale_).ravel().tolist(),
        "probabilities": model.predict_proba(scaler.transform(features[:5])).ravel().tolist(),
    }


print(json.dumps({
    "width": width,
    "classes": classes,
    "features": features.ravel().tolist(),
    "labels": labels.tolist(),
    "fits": [fit(0.01, None), fit(1, None), fit(1e-4, None), fit(0.05, weights)],
}))
