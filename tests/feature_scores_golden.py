"""Scores of scikit-learn on made features, which src/probes/score-features.test.ts compares with:

    python3 tests/feature_scores_golden.py > tests/feature-scores-golden.json

A penalty of lambda / 2 |W|^2 beside the mean loss is C = 1 / (lambda n) in scikit-learn's terms.
"""
import json
import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

rng = np.random.default_rng(7)
classes, width, n, m, l2, k = 4, 6, 80, 40, 0.01, 5
centres = rng.normal(size=(classes, width)) * 0.9
scale = 10.0 ** rng.integers(-1, 2, size=width)


def drawn(count):
    labels = rng.integers(0, classes, size=count)
    return np.round((centres[labels] + rng.normal(size=(count, width))) * scale, 3), labels


(known, known_labels), (asked, asked_labels) = drawn(n), drawn(m)
scaler = StandardScaler().fit(known)
fit = LogisticRegression(C=1 / (l2 * n), tol=1e-10, max_iter=10000).fit(scaler.transform(known), known_labels)
near = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(known).kneighbors(asked)
own = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(known).kneighbors()
print(
    json.dumps(
        {
            "sklearn": sklearn.__version__,
            "classes": classes,
            "width": width,
            "l2": l2,
            "k": k,
            "known": {"features": known.ravel().tolist(), "labels": known_labels.tolist()},
            "asked": {"features": asked.ravel().tolist(), "labels": asked_labels.tolist()},
            "guesses": fit.predict(scaler.transform(asked)).tolist(),
            "neighbours": near[1].ravel().tolist(),
            "distances": np.round(near[0].ravel(), 12).tolist(),
            "ownNeighbours": own[1].ravel().tolist(),
        }
    )
)
