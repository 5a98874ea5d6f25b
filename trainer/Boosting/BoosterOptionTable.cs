namespace ChurnEngine.Trainer;

/// <summary>Every option of the booster by name: the one place that churn.yaml, the command line and the documentation read.</summary>
/// <remarks>Source of the aliases: the parameter pages of LightGBM 4, XGBoost 3 and scikit-learn's HistGradientBoosting. An alias that means different things there (alpha) is none here.</remarks>
public static class BoosterOptionTable
{
    /// <summary>The options, in the order of the documentation.</summary>
    public static IReadOnlyList<BoosterOption> All { get; } =
    [
        BoosterOption.Word("objective", "What is minimised. Of a churn label logistic (default) or focal; of a number squared_error (default), poisson, tweedie or quantile.",
            ["objective_type", "app", "application", "loss"], (BoosterValues.Objectives, BoosterValues.ObjectiveOf), (o, value) => o with { Objective = value }),
        BoosterOption.Whole("trees", "Most trees, 1 and up; early stopping may keep fewer. With --continue-from, most new ones.",
            ["num_iterations", "num_iteration", "n_iter", "num_tree", "num_trees", "num_round", "num_rounds", "nrounds", "num_boost_round", "n_estimators", "max_iter"], (o, value) => o with { Trees = value }),
        BoosterOption.Number("learning_rate", "Shrinkage of each tree's leaf values, above 0 up to 1.", ["eta", "shrinkage_rate"], (o, value) => o with { LearningRate = value }),
        BoosterOption.Whole("max_leaves", "Most leaves of a tree, 2 to 65,536.", ["num_leaves", "num_leaf", "max_leaf", "max_leaf_nodes"], (o, value) => o with { MaxLeaves = value }),
        BoosterOption.Whole("max_depth", "Most splits between the root and a leaf; 0 means no limit.", [], (o, value) => o with { MaxDepth = value }),
        BoosterOption.Word("growth", "Which leaf is split next: the one of most gain, or level by level.",
            ["grow_policy"], (BoosterValues.Growth, BoosterValues.GrowthOf), (o, value) => o with { Growth = value }),
        BoosterOption.Whole("max_bins", "Most bins of a feature, 2 to 255; one more holds the missing values.", ["max_bin"], (o, value) => o with { MaxBins = value }),
        BoosterOption.Number("min_child_weight", "Least sum of hessians in a leaf, 0 and up.",
            ["min_sum_hessian_in_leaf", "min_sum_hessian_per_leaf", "min_sum_hessian", "min_hessian"], (o, value) => o with { MinChildWeight = value }),
        BoosterOption.Whole("min_rows_in_leaf", "Least training rows in a leaf, 1 and up.",
            ["min_data_in_leaf", "min_data_per_leaf", "min_data", "min_child_samples", "min_samples_leaf"], (o, value) => o with { MinRowsInLeaf = value }),
        BoosterOption.Number("l1", "L1 penalty on leaf values, 0 and up.", ["lambda_l1", "reg_alpha", "l1_regularization"], (o, value) => o with { L1 = value }),
        BoosterOption.Number("l2", "L2 penalty on leaf values, 0 and up.", ["lambda_l2", "lambda", "reg_lambda", "l2_regularization"], (o, value) => o with { L2 = value }),
        BoosterOption.Number("min_gain", "Gain that a split must exceed, 0 and up.", ["min_gain_to_split", "min_split_gain", "min_split_loss", "gamma"], (o, value) => o with { MinGain = value }),
        BoosterOption.Number("max_delta_step", "Largest absolute leaf value before shrinkage; 0 means no limit, and 0.7 with objective poisson.",
            ["max_tree_output", "max_leaf_output"], (o, value) => o with { MaxDeltaStep = value }),
        BoosterOption.Number("row_sample", "Share of the rows that each tree sees, above 0 up to 1.", ["subsample", "sub_row", "bagging", "bagging_fraction"], (o, value) => o with { RowSample = value }),
        BoosterOption.Number("column_sample", "Share of the features that each tree sees, above 0 up to 1.", ["colsample_bytree", "feature_fraction", "sub_feature"], (o, value) => o with { ColumnSample = value }),
        BoosterOption.Number("column_sample_by_level", "Share of those that each level of a tree sees, above 0 up to 1.", ["colsample_bylevel"], (o, value) => o with { ColumnSampleByLevel = value }),
        BoosterOption.Number("column_sample_by_node", "Share of those that each node sees, above 0 up to 1; all, unless in a forest.", ["colsample_bynode", "feature_fraction_bynode", "max_features"], (o, value) => o with { ColumnSampleByNode = value }),
        BoosterOption.Number("goss_top_rate", "Share of the rows, those of the largest gradients, that each tree sees beside a sample of the others (GOSS); 0: off.", ["top_rate"], (o, value) => o with { GossTopRate = value }),
        BoosterOption.Number("goss_other_rate", "Share of the rows that is drawn from the others with goss_top_rate; they count for all of them.", ["other_rate"], (o, value) => o with { GossOtherRate = value }),
        BoosterOption.Value("monotone_constraints", MonotoneConstraints.Form, "Numeric features in which the prediction may only rise or only fall, all else being equal.",
            ["mc", "monotone_constraint", "monotonic_cst"], MonotoneConstraints.TryParse, (o, value) => o with { MonotoneConstraints = value }),
        BoosterOption.Value("interaction_constraints", InteractionConstraints.Form, "Features that may stand together on a path; those of no group form one more.",
            ["interaction_cst"], InteractionConstraints.TryParse, (o, value) => o with { InteractionConstraints = value }),
        BoosterOption.Whole("max_categories_per_split", "Most categories that a categorical split names, 1 and up.", ["max_cat_threshold"], (o, value) => o with { MaxCategoriesPerSplit = value }),
        BoosterOption.Whole("min_rows_per_category", "Categories with fewer rows in a node are not split off there, 1 and up; four rows for each category of the feature are enough.", ["min_data_per_group"], (o, value) => o with { MinRowsPerCategory = value }),
        BoosterOption.Number("category_smoothing", "Hessian added to each category before categories are ordered, 0 and up.", ["cat_smooth"], (o, value) => o with { CategorySmoothing = value }),
        BoosterOption.Value("class_weight", ClassWeights.Form, "Weights of the classes 0 and 1 in training: balanced gives both the same sum. Calibration does not see them, so probabilities stay those of the customers.", [], ClassWeights.TryParse, (o, value) => o with { ClassWeight = value }),
        BoosterOption.Number("scale_pos_weight", "Weight of the class 1 in training, above 0; instead of class_weight.", [], (o, value) => o with { ScalePosWeight = value }),
        BoosterOption.Number("tweedie_variance_power", "With objective tweedie: power of the mean that the variance grows as, above 1 and below 2.", [], (o, value) => o with { TweedieVariancePower = value }),
        BoosterOption.Number("quantile_alpha", "With objective quantile: which one, above 0 and below 1; 0.5 is the median.", [], (o, value) => o with { QuantileAlpha = value }),
        BoosterOption.Number("focal_gamma", "With objective focal: how little rows count that are clear already, 0 and up.", [], (o, value) => o with { FocalGamma = value }),
        BoosterOption.Number("focal_alpha", "With objective focal: weight of a positive, above 0 and below 1; a negative has the rest.", [], (o, value) => o with { FocalAlpha = value }),
        BoosterOption.Whole("early_stopping_rounds", "Rounds without a better value on the stopping rows after which training stops; 0 trains all trees and keeps them.",
            ["early_stopping_round", "early_stopping", "n_iter_no_change"], (o, value) => o with { EarlyStoppingRounds = value }),
        BoosterOption.Word("early_stopping_metric", "What early stopping watches; loss is what is minimised.",
            ["metric", "metrics", "metric_types", "eval_metric"], (BoosterValues.Metrics, BoosterValues.MetricOf), (o, value) => o with { EarlyStoppingMetric = value }),
        BoosterOption.Flag("random_thresholds", "Whether a node tries one threshold of each numeric feature, drawn at random, instead of all.", ["extra_trees", "extra_tree"], (o, value) => o with { RandomThresholds = value }),
        BoosterOption.Flag("quantized_gradients", "Whether trees are grown on gradients of 13 bits, rounded at random, or on all the bits of a float32.", ["use_quantized_grad"], (o, value) => o with { QuantizedGradients = value }),
        BoosterOption.Key("seed", "Key of every random choice.", ["random_seed", "random_state"], (o, value) => o with { Seed = value }),
    ];

    /// <summary>Every name and alias, ours first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(option => option.Name), .. All.SelectMany(option => option.Aliases)];

    /// <summary>The option of a name or alias; null when there is none.</summary>
    public static BoosterOption? Find(string name) => All.FirstOrDefault(option => option.IsCalled(name));
}
