"""Predicts every fold of a table by a model of the others; predictions go to a NumPy file, the last line of standard output is JSON."""
import json
import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Peers", "Training"))
import boosters  # noqa: E402


def main():
    o = json.loads(sys.argv[1])
    train = {"xgboost": boosters.xgboost, "sklearn": boosters.sklearn}[o["peer"]]
    kind = np.float64 if o["peer"] == "sklearn" else np.float32
    x, y, folds = np.load(o["x"]).astype(kind), np.load(o["y"]), np.load(o["folds"])
    predictions = np.empty(folds.shape, np.float32)
    version = ""
    for repeat, of in enumerate(folds):
        for part in np.unique(of):
            result, predict = train(o, np.ascontiguousarray(x[of != part]), y[of != part])
            predictions[repeat, of == part] = predict(np.ascontiguousarray(x[of == part]))
            version = result["version"]
    np.save(o["predictions"], predictions)
    print(json.dumps({"version": version, "fits": folds.shape[0] * len(np.unique(folds))}))


main()
