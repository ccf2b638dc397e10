"""Statistics of an evaluation by scikit-learn and SciPy: prints tests/evaluation-golden.json, which src/metrics/evaluation-golden.test.ts compares with.

    python3 tests/evaluation_golden.py > tests/evaluation-golden.json
"""
import json

import numpy
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, log_loss, precision_recall_fscore_support

images, classes, bins = 200, 4, 15
rng = numpy.random.default_rng(11)
labels = rng.integers(0, classes, size=images)
# right more often than not, too sure, and no two logits alike: of equal ones Skein counts none as right
logits = numpy.round(2.5 * rng.normal(size=(images, classes)) + 3 * numpy.eye(classes)[labels], 5)
others = numpy.round(2.5 * rng.normal(size=(images, classes)) + 2 * numpy.eye(classes)[labels], 5)

probabilities = softmax(logits, axis=1)
predictions = probabilities.argmax(axis=1)
confidences = probabilities.max(axis=1)
precision, recall, f1, support = precision_recall_fscore_support(labels, predictions)
# bins without an image are left out
accuracy, confidence = calibration_curve(predictions == labels, confidences, n_bins=bins, strategy="uniform")
# of one class against the others; their sum is the score of all
brier = sum(brier_score_loss(labels == c, probabilities[:, c]) for c in range(classes))


def loss(inverse):
    return -log_softmax(inverse * logits, axis=1)[numpy.arange(images), labels].mean()


fit = minimize_scalar(loss, bounds=(0.01, 10), method="bounded", options={"xatol": 1e-12})
right, right_others = predictions == labels, others.argmax(axis=1) == labels
b, c = int((right & ~right_others).sum()), int((~right & right_others).sum())

print(json.dumps({
    "classes": classes,
    "labels": labels.tolist(),
    "logits": logits.ravel().tolist(),
    "others": others.ravel().tolist(),
    "accuracy": accuracy_score(labels, predictions),
    "confusion": confusion_matrix(labels, predictions).tolist(),
    "precision": precision.tolist(),
    "recall": recall.tolist(),
    "f1": f1.tolist(),
    "support": support.tolist(),
    "loss": log_loss(labels, probabilities),
    "brier": brier,
    "curve": {"accuracy": accuracy.tolist(), "confidence": confidence.tolist()},
    "temperature": {"value": 1 / fit.x, "loss": fit.fun},
    "mcnemar": {"b": b, "c": c, "p": binomtest(b, b + c).pvalue},
}))
