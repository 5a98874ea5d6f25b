"""Predicts every outer fold of a table by a model of the others, tuned within them by random search with successive halving on three
inner folds, and calibrated by Platt on rows that stop; predictions go to a NumPy file, the last line of standard output is JSON."""
import json
import os
import sys
import time

# Before a library is loaded that asks: scikit-learn's boosting takes every core otherwise.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(json.loads(sys.argv[1])["threads"])

import numpy as np

STOP_SHARE, INNER, ETA, LEAST_ROWS, RUNGS = 0.15, 3, 3, 500, 3
LARGEST_CATEGORIES = 255


def log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


# The ranges of SearchSpace.For, under each library's names.
def draw(peer, rng):
    if peer == "sklearn_logistic":
        return {"alpha": log_uniform(rng, 1e-6, 0.1), "l1_ratio": rng.uniform(0, 1)}
    if peer == "sklearn_forest":
        return {"leaves": int(round(log_uniform(rng, 16, 1024))), "rows": int(round(log_uniform(rng, 1, 100))), "columns": rng.uniform(0.1, 1)}
    return {
        "rate": log_uniform(rng, 0.02, 0.3), "leaves": int(round(log_uniform(rng, 4, 64))), "rows": int(round(log_uniform(rng, 5, 200))),
        "l2": log_uniform(rng, 0.01, 100), "row_sample": rng.uniform(0.5, 1), "columns": rng.uniform(0.3, 1),
    }


def fit_xgboost(c, x, y, stop, o):
    import xgboost as xgb

    data, watch = xgb.DMatrix(x, y), xgb.DMatrix(stop[0], stop[1])
    booster = xgb.train({
        "objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_depth": 0, "max_leaves": c["leaves"], "eta": c["rate"],
        "min_child_weight": 1e-3, "lambda": c["l2"], "subsample": c["row_sample"], "colsample_bytree": c["columns"], "nthread": o["threads"], "verbosity": 0,
    }, data, 500, evals=[(watch, "stop")], early_stopping_rounds=50, verbose_eval=False)
    best = booster.best_iteration + 1
    return lambda rows: booster.predict(xgb.DMatrix(rows), output_margin=True, iteration_range=(0, best))


def fit_sklearn_boosting(c, x, y, stop, o):
    from sklearn.ensemble import HistGradientBoostingClassifier as Model

    categorical = [f for f, is_categorical in enumerate(o["categorical"]) if is_categorical and np.nanmax(x[:, f], initial=0) < LARGEST_CATEGORIES]
    # Early stopping watches rows of its own choice: this version takes no others.
    model = Model(learning_rate=c["rate"], max_iter=500, max_leaf_nodes=c["leaves"], min_samples_leaf=c["rows"], l2_regularization=c["l2"],
                  categorical_features=categorical or None, early_stopping=True, validation_fraction=STOP_SHARE, n_iter_no_change=50, random_state=1)
    model.fit(x, y)
    return model.decision_function


class Imputed:
    """Numbers with the median where missing, standardised; categories as columns of 0 and 1."""

    def __init__(self, x, categorical, scale):
        self.categorical = np.array(categorical, bool)
        numbers = x[:, ~self.categorical]
        self.median = np.where(np.isnan(numbers).all(0), 0, np.nanmedian(np.where(np.isnan(numbers).all(0), 0, numbers), axis=0))
        filled = np.where(np.isnan(numbers), self.median, numbers)
        self.mean, self.deviation = (filled.mean(0), np.maximum(filled.std(0), 1e-9)) if scale else (0, 1)
        self.codes = [np.unique(column[~np.isnan(column)]) for column in x[:, self.categorical].T]

    def __call__(self, x):
        numbers = x[:, ~self.categorical]
        parts = [(np.where(np.isnan(numbers), self.median, numbers) - self.mean) / self.deviation]
        parts += [(column[:, None] == codes[None, :]).astype(np.float64) for column, codes in zip(x[:, self.categorical].T, self.codes)]
        return np.hstack(parts)


def fit_sklearn_forest(c, x, y, stop, o):
    from sklearn.ensemble import RandomForestClassifier

    prepare = Imputed(x, o["categorical"], scale=False)
    model = RandomForestClassifier(300, max_leaf_nodes=c["leaves"], min_samples_leaf=c["rows"], max_features=c["columns"], n_jobs=o["threads"], random_state=1)
    model.fit(prepare(x), y)
    return lambda rows: logit(model.predict_proba(prepare(rows))[:, 1])


def fit_sklearn_logistic(c, x, y, stop, o):
    from sklearn.linear_model import LogisticRegression

    prepare = Imputed(x, o["categorical"], scale=True)
    model = LogisticRegression(penalty="elasticnet", solver="saga", C=1 / (c["alpha"] * len(y)), l1_ratio=c["l1_ratio"], max_iter=300)
    model.fit(prepare(x), y)
    return lambda rows: model.decision_function(prepare(rows))


FIT = {"xgboost": fit_xgboost, "sklearn_boosting": fit_sklearn_boosting, "sklearn_forest": fit_sklearn_forest, "sklearn_logistic": fit_sklearn_logistic}


def logit(p):
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def platt(margins, labels):
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(np.asarray(margins, np.float64)[:, None], labels)
    return lambda others: model.predict_proba(np.asarray(others, np.float64)[:, None])[:, 1]


def loss(p, y):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return float(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))))


def deal(y, parts, rng):
    folds = np.empty(len(y), int)
    for label in (0, 1):
        rows = rng.permutation(np.flatnonzero(y == label))
        folds[rows] = np.arange(len(rows)) % parts
    return folds


def split(y, rng):
    stop = np.zeros(len(y), bool)
    for label in (0, 1):
        rows = rng.permutation(np.flatnonzero(y == label))
        stop[rows[:max(1, round(len(rows) * STOP_SHARE))]] = True
    return stop


def search(fit, candidates, x, y, o, rng):
    of = deal(y, INNER, rng)
    parts = []
    for inner in range(INNER):
        rest = np.flatnonzero(of != inner)
        stop = split(y[rest], rng)
        parts.append((rest[~stop], rest[stop], np.flatnonzero(of == inner)))
    smallest = min(len(train) for train, _, _ in parts)
    shares = [1.0]
    while len(shares) < RUNGS and smallest * shares[0] / ETA >= LEAST_ROWS:
        shares.insert(0, shares[0] / ETA)
    draws = [rng.random(len(train)) for train, _, _ in parts]
    climbing = list(range(len(candidates)))
    for share in shares:
        scores = {}
        for number in climbing:
            losses = []
            for (train, stop, test), chance in zip(parts, draws):
                some = train[chance < share]
                predict = fit(candidates[number], x[some], y[some], (x[stop], y[stop]), o)
                losses.append(loss(platt(predict(x[stop]), y[stop])(predict(x[test])), y[test]))
            scores[number] = np.mean(losses)
        ranked = sorted(climbing, key=lambda number: (scores[number], number))
        best = ranked[0]
        climbing = ranked[:(len(climbing) + ETA - 1) // ETA]
    return candidates[best]


def main():
    o = json.loads(sys.argv[1])
    fit = FIT[o["peer"]]
    x, y, folds = np.load(o["x"]).astype(np.float64), np.load(o["y"]), np.load(o["folds"])
    predictions, seconds = np.empty(len(y), np.float32), 0.0
    for part in np.unique(folds):
        rng = np.random.default_rng(int(part) + 1)
        start = time.perf_counter()
        rest, test = np.flatnonzero(folds != part), np.flatnonzero(folds == part)
        chosen = search(fit, [draw(o["peer"], rng) for _ in range(o["trials"])], x[rest], y[rest], o, rng)
        stop = split(y[rest], rng)
        train, stopping = rest[~stop], rest[stop]
        predict = fit(chosen, x[train], y[train], (x[stopping], y[stopping]), o)
        seconds += time.perf_counter() - start
        predictions[test] = platt(predict(x[stopping]), y[stopping])(predict(x[test]))
    np.save(o["predictions"], predictions)
    print(json.dumps({"fit_seconds": seconds / len(np.unique(folds))}))


main()
