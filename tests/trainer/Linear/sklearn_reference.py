"""The numbers in SklearnReferenceTests.cs: scikit-learn's logistic regression with elastic net (solver saga) on the rows that the test makes too.

    python3 sklearn_reference.py          # needs Debian's python3-sklearn; the test does not

scikit-learn minimises C * sum(w * loss) + penalty, so C = 1 / (alpha * sum(w)). Columns are standardised here as our trainer does it: a number by the
weighted mean and deviation of the values that are there, a missing one at the mean, levels (one-hot, rare together, missing) by their share.
"""
import math

import numpy as np
from sklearn.linear_model import LogisticRegression

ROWS = 600
RARE = 10


def rows():
    state = 12345
    def draw(n):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2147483648
        return (state >> 8) % n
    a, b, c, y, w = [], [], [], [], []
    for _ in range(ROWS):
        tenure, spend, plan = draw(60), draw(1000), draw(100)
        code = 0 if plan < 50 else 1 if plan < 80 else 2 if plan < 98 else 3 + draw(4)
        a.append(float(tenure))
        b.append(math.nan if draw(10) == 0 else spend / 8)
        c.append(math.nan if draw(20) == 0 else float(code))
        odds = 1 - 0.05 * tenure + (0.01 * (b[-1] - 60) if b[-1] == b[-1] else 0.8) + (0.9 if code == 1 else -0.4 if code == 2 else 0)
        y.append(1.0 if draw(1000000) < 1000000 / (1 + math.exp(-odds)) else 0.0)
        w.append((1 + draw(16)) / 8)
    return np.array(a), np.array(b), np.array(c), np.array(y), np.array(w)


def fit(alpha, ratio, weighted):
    a, b, c, y, w = rows()
    if not weighted:
        w = np.ones(ROWS)
    total = w.sum()
    columns, names, shift, scale = [], [], [], []
    for name, x in (("tenure", a), ("spend", b)):
        there = ~np.isnan(x)
        mean = np.average(x[there], weights=w[there])
        deviation = math.sqrt(np.average((x[there] - mean) ** 2, weights=w[there]))
        columns.append(np.where(there, (x - mean) / deviation, 0))
        names.append(name), shift.append(mean), scale.append(deviation)
    levels = [("spend (missing)", np.isnan(b))]
    counts = {code: int((c == code).sum()) for code in range(7)}
    levels += [(f"plan {code}", c == code) for code in range(7) if counts[code] >= RARE]
    levels += [("plan (other)", np.isin(c, [code for code in range(7) if 0 < counts[code] < RARE])), ("plan (missing)", np.isnan(c))]
    for name, where in levels:
        share = w[where].sum() / total
        assert 0 < share < 1, (name, share)
        deviation = math.sqrt(share * (1 - share))
        columns.append((where - share) / deviation)
        names.append(name), shift.append(share), scale.append(deviation)
    x = np.stack(columns, axis=1)
    model = LogisticRegression(penalty="elasticnet", solver="saga", C=1 / (alpha * total), l1_ratio=ratio, tol=1e-14, max_iter=200000, random_state=1)
    model.fit(x, y, sample_weight=w)
    coefficients = model.coef_[0] / np.array(scale)
    margins = model.decision_function(x)
    loss = np.average(np.logaddexp(0, margins) - y * margins, weights=w)
    print(f"// alpha {alpha}, l1_ratio {ratio}, weighted {weighted}: {int(y.sum())} positives, log-loss {loss:.12f}")
    print(f'[ModelCoefficient.InterceptName] = {model.intercept_[0] - np.dot(coefficients, shift):.10f},')
    for name, value in zip(names, coefficients):
        print(f'["{name}"] = {value:.10f},')


for case in ((0.01, 0.5, False), (0.003, 1.0, False), (0.1, 0.0, False), (0.004, 0.3, True)):
    fit(*case)
