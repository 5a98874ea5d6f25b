"""Trains and predicts with one peer, in a process of its own; the last line of standard output is the result as JSON.

Usage: boosters.py '{"peer": "xgboost", "x_train": "...", ...}'. Timing is inside, after the arrays are in memory in the
type that the library works in, so that neither start, import, reading nor conversion counts.
"""
import json
import sys
import time

import numpy as np


def status(field):
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) * 1024 for line in f if line.startswith(field))


def reset_peak():
    with open("/proc/self/clear_refs", "w") as f:
        f.write("5")


def xgboost(o, x, y):
    import xgboost as xgb

    parameters = {
        "objective": "binary:logistic", "tree_method": "hist", "eta": o["rate"], "max_bin": o["bins"], "nthread": o["threads"],
        "lambda": o["l2"], "alpha": 0, "gamma": 0, "min_child_weight": o["min_child_weight"], "base_score": float(y.mean()),
        "grow_policy": "lossguide" if o["growth"] == "leaf-wise" else "depthwise",
        "max_leaves": o["leaves"], "max_depth": o["depth"],
    }
    start = time.perf_counter()
    data = xgb.QuantileDMatrix(x, y, max_bin=o["bins"], nthread=o["threads"])
    binned = time.perf_counter()
    booster = xgb.train(parameters, data, num_boost_round=o["trees"])
    done = time.perf_counter()
    return {"binning": binned - start, "boosting": done - binned, "version": xgb.__version__}, booster.inplace_predict


def sklearn(o, x, y):
    import sklearn as sk
    from sklearn.ensemble import HistGradientBoostingClassifier as Model

    spent = [0.0]
    inner = Model._bin_data

    def timed(self, *a, **k):
        start = time.perf_counter()
        try:
            return inner(self, *a, **k)
        finally:
            spent[0] += time.perf_counter() - start

    Model._bin_data = timed
    model = Model(
        learning_rate=o["rate"], max_iter=o["trees"], max_leaf_nodes=o["leaves"], max_depth=o["depth"] or None, min_samples_leaf=1,
        l2_regularization=o["l2"], max_bins=o["bins"], early_stopping=False, random_state=7,
    )
    start = time.perf_counter()
    model.fit(x, y)
    total = time.perf_counter() - start
    return {"binning": spent[0], "boosting": total - spent[0], "version": sk.__version__}, lambda rows: model.predict_proba(rows)[:, 1]


def main():
    o = json.loads(sys.argv[1])
    # scikit-learn computes in float64 and would convert inside the timing.
    kind = np.float64 if o["peer"] == "sklearn" else np.float32
    train = {"xgboost": xgboost, "sklearn": sklearn}[o["peer"]]
    x, y = np.load(o["x_train"]).astype(kind, copy=False), np.load(o["y_train"])
    __import__(o["peer"])
    if o["peer"] == "sklearn":
        __import__("sklearn.ensemble")

    reset_peak()
    before = status("VmRSS:")
    result, predict = train(o, x, y)
    result["total"] = result["binning"] + result["boosting"]
    result["memory"] = (status("VmHWM:") - before) / 1e6

    test = np.load(o["x_test"]).astype(kind, copy=False)
    predict(test[:1000])
    seconds = []
    for _ in range(3):
        start = time.perf_counter()
        probability = predict(test)
        seconds.append(time.perf_counter() - start)
    result["predict"] = len(test) / sorted(seconds)[1] / 1e6
    np.save(o["predictions"], np.ascontiguousarray(probability, dtype=np.float32))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
