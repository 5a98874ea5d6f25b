"""Predicts every outer fold of a table by a model of the others, tuned within them by random search with successive halving on three
inner folds, and calibrated by Platt on rows that stop; predictions go to a NumPy file, the last line of standard output is JSON."""
import json
import sys
import time

import numpy as np

STOP_SHARE, INNER, ETA, LEAST_ROWS, RUNGS = 0.15, 3, 3, 500, 3
LARGEST_CATEGORIES = 255


def log_uniform(rng, low, high):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return float(np.exp(rng.uniform(np.log(low), np.log(high))))


# The ranges of SearchSpace.For, under each library's names.
def draw(peer, rng):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.if peer == "sklearn_logistic":
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    return {"alpha": log_uniform(rng, 1e-6, 0.1), "l1_ratio": rng.uniform(0, 1)}
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.if peer == "sklearn_forest":
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    return {"leaves": int(round(log_uniform(rng, 16, 1024))), "rows": int(round(log_uniform(rng, 1, 100))), "columns": rng.uniform(0.1, 1)}
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return {
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    "rate": log_uniform(rng, 0.02, 0.3), "leaves": int(round(log_uniform(rng, 4, 64))), "rows": int(round(log_uniform(rng, 5, 200))),
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    "l2": log_uniform(rng, 0.01, 100), "row_sample": rng.uniform(0.5, 1), "columns": rng.uniform(0.3, 1),
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.}


def fit_xgboost(c, x, y, stop, o):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.import xgboost as xgb

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.data, watch = xgb.DMatrix(x, y), xgb.DMatrix(stop[0], stop[1])
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.booster = xgb.train({
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    "objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_depth": 0, "max_leaves": c["leaves"], "eta": c["rate"],
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    "min_child_weight": 1e-3, "lambda": c["l2"], "subsample": c["row_sample"], "colsample_bytree": c["columns"], "nthread": o["threads"], "verbosity": 0,
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.}, data, 500, evals=[(watch, "stop")], early_stopping_rounds=50, verbose_eval=False)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.best = booster.best_iteration + 1
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return lambda rows: booster.predict(xgb.DMatrix(rows), output_margin=True, iteration_range=(0, best))


def fit_sklearn_boosting(c, x, y, stop, o):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.from sklearn.ensemble import HistGradientBoostingClassifier as Model

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.categorical = [f for f, is_categorical in enumerate(o["categorical"]) if is_categorical and np.nanmax(x[:, f], initial=0) < LARGEST_CATEGORIES]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.# Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model = Model(learning_rate=c["rate"], max_iter=500, max_leaf_nodes=c["leaves"], min_samples_leaf=c["rows"], l2_regularization=c["l2"],
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.              categorical_features=categorical or None, early_stopping=True, validation_fraction=STOP_SHARE, n_iter_no_change=50, random_state=1)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model.fit(x, y)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return model.decision_function


class Imputed:
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead."""Numbers with the median where missing, standardised; categories as columns of 0 and 1."""

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.def __init__(self, x, categorical, scale):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    self.categorical = np.array(categorical, bool)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    numbers = x[:, ~self.categorical]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    self.median = np.where(np.isnan(numbers).all(0), 0, np.nanmedian(np.where(np.isnan(numbers).all(0), 0, numbers), axis=0))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    filled = np.where(np.isnan(numbers), self.median, numbers)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    self.mean, self.deviation = (filled.mean(0), np.maximum(filled.std(0), 1e-9)) if scale else (0, 1)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    self.codes = [np.unique(column[~np.isnan(column)]) for column in x[:, self.categorical].T]

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.def __call__(self, x):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    numbers = x[:, ~self.categorical]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    parts = [(np.where(np.isnan(numbers), self.median, numbers) - self.mean) / self.deviation]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    parts += [(column[:, None] == codes[None, :]).astype(np.float64) for column, codes in zip(x[:, self.categorical].T, self.codes)]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    return np.hstack(parts)


def fit_sklearn_forest(c, x, y, stop, o):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.from sklearn.ensemble import RandomForestClassifier

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.prepare = Imputed(x, o["categorical"], scale=False)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model = RandomForestClassifier(300, max_leaf_nodes=c["leaves"], min_samples_leaf=c["rows"], max_features=c["columns"], n_jobs=o["threads"], random_state=1)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model.fit(prepare(x), y)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return lambda rows: logit(model.predict_proba(prepare(rows))[:, 1])


def fit_sklearn_logistic(c, x, y, stop, o):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.from sklearn.linear_model import LogisticRegression

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.prepare = Imputed(x, o["categorical"], scale=True)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model = LogisticRegression(penalty="elasticnet", solver="saga", C=1 / (c["alpha"] * len(y)), l1_ratio=c["l1_ratio"], max_iter=300)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model.fit(prepare(x), y)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return lambda rows: model.decision_function(prepare(rows))


FIT = {"xgboost": fit_xgboost, "sklearn_boosting": fit_sklearn_boosting, "sklearn_forest": fit_sklearn_forest, "sklearn_logistic": fit_sklearn_logistic}


def logit(p):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.p = np.clip(p, 1e-6, 1 - 1e-6)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return np.log(p / (1 - p))


def platt(margins, labels):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.from sklearn.linear_model import LogisticRegression

 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.model = LogisticRegression(C=1e6).fit(np.asarray(margins, np.float64)[:, None], labels)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return lambda others: model.predict_proba(np.asarray(others, np.float64)[:, None])[:, 1]


def loss(p, y):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.p = np.clip(p, 1e-7, 1 - 1e-7)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return float(-np.mean(np.where(y == 1, np.log(p), np.log(1 - p))))


def deal(y, parts, rng):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.folds = np.empty(len(y), int)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.for label in (0, 1):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    rows = rng.permutation(np.flatnonzero(y == label))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    folds[rows] = np.arange(len(rows)) % parts
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return folds


def split(y, rng):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.stop = np.zeros(len(y), bool)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.for label in (0, 1):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    rows = rng.permutation(np.flatnonzero(y == label))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    stop[rows[:max(1, round(len(rows) * STOP_SHARE))]] = True
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return stop


def search(fit, candidates, x, y, o, rng):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.of = deal(y, INNER, rng)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.parts = []
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.for inner in range(INNER):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    rest = np.flatnonzero(of != inner)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    stop = split(y[rest], rng)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    parts.append((rest[~stop], rest[stop], np.flatnonzero(of == inner)))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.smallest = min(len(train) for train, _, _ in parts)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.shares = [1.0]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.while len(shares) < RUNGS and smallest * shares[0] / ETA >= LEAST_ROWS:
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    shares.insert(0, shares[0] / ETA)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.draws = [rng.random(len(train)) for train, _, _ in parts]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.climbing = list(range(len(candidates)))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.for share in shares:
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    scores = {}
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    for number in climbing:
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.        losses = []
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.        for (train, stop, test), chance in zip(parts, draws):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.            some = train[chance < share]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.            predict = fit(candidates[number], x[some], y[some], (x[stop], y[stop]), o)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.            losses.append(loss(platt(predict(x[stop]), y[stop])(predict(x[test])), y[test]))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.        scores[number] = np.mean(losses)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    ranked = sorted(climbing, key=lambda number: (scores[number], number))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    best = ranked[0]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    climbing = ranked[:(len(climbing) + ETA - 1) // ETA]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.return candidates[best]


def main():
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.o = json.loads(sys.argv[1])
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.fit = FIT[o["peer"]]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.x, y, folds = np.load(o["x"]).astype(np.float64), np.load(o["y"]), np.load(o["folds"])
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.predictions, seconds = np.empty(len(y), np.float32), 0.0
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.for part in np.unique(folds):
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    rng = np.random.default_rng(int(part) + 1)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    start = time.perf_counter()
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    rest, test = np.flatnonzero(folds != part), np.flatnonzero(folds == part)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    chosen = search(fit, [draw(o["peer"], rng) for _ in range(o["trials"])], x[rest], y[rest], o, rng)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    stop = split(y[rest], rng)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    train, stopping = rest[~stop], rest[stop]
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    predict = fit(chosen, x[train], y[train], (x[stopping], y[stopping]), o)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    seconds += time.perf_counter() - start
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.    predictions[test] = platt(predict(x[stopping]), y[stopping])(predict(x[test]))
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.np.save(o["predictions"], predictions)
 Early stopping watches rows of its own choice: older versions take no others. The rows that stop ours are trained on instead.print(json.dumps({"fit_seconds": seconds / len(np.unique(folds))}))


main()
