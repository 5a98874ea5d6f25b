using System.Globalization;
using ChurnEngine.Columns;
using ChurnEngine.Models;

namespace ChurnEngine.Trainer;

/// <summary>Takes coefficients of standardised columns back to the features' own scale.</summary>
internal static class LinearModelBuilder
{
    public static LogisticRegressionResult Build(IReadOnlyList<FeatureInfo> features, DesignMatrix design, LogisticRegression.Fitted fitted, LogisticRegressionOptions options)
    {
        double[] plain = new double[design.Width];
        design.ToPlain(fitted.Coefficients, plain);
        var terms = new LinearTerm[features.Count];
        var coefficients = new List<ModelCoefficient>();
        double intercept = plain[0];
        for (int feature = 0; feature < features.Count; feature++)
        {
            FeatureEncoding encoding = design.Features[feature];
            int number = encoding.HasNumber ? Array.IndexOf(design.NumberFeatures, feature) + 1 : -1;
            double slope = number < 0 ? 0 : plain[number] / encoding.Deviation;
            if (slope != 0)
                coefficients.Add(new ModelCoefficient(features[feature].Name, "", slope, fitted.Coefficients[number]));
            intercept -= slope * encoding.Mean;

            int first = encoding.Levels.Length == 0 ? 0 : design.FirstLevels[Array.IndexOf(design.LevelFeatures, feature)];
            for (int level = 0; level < encoding.Levels.Length; level++)
            {
                if (plain[first + level] != 0)
                    coefficients.Add(new ModelCoefficient(features[feature].Name, NameOf(encoding.Levels[level], features[feature]), plain[first + level], fitted.Coefficients[first + level]));
            }
            terms[feature] = Term(encoding, slope, plain.AsSpan(first, encoding.Levels.Length));
        }
        return new LogisticRegressionResult
        {
            Model = new LinearModel { Terms = terms, BaseMargin = fitted.Coefficients[0] },
            Alpha = fitted.Alpha,
            Coefficients = [new ModelCoefficient(ModelCoefficient.InterceptName, "", intercept, 0), .. coefficients],
            Columns = design.Count,
            Iterations = fitted.Iterations,
            Violation = fitted.Violation,
            HasConverged = fitted.Violation <= options.Tolerance,
            TrainLoss = fitted.TrainLoss,
            ValidationLoss = fitted.ValidationLoss,
        };
    }

    /// <summary>The term of a feature, 0 on the average over the training rows.</summary>
    /// <param name="encoding">Its columns.</param>
    /// <param name="slope">Log-odds for one unit more.</param>
    /// <param name="levels">[levels] log-odds of each level.</param>
    private static LinearTerm Term(FeatureEncoding encoding, double slope, ReadOnlySpan<double> levels)
    {
        double mean = 0;
        for (int level = 0; level < levels.Length; level++)
            mean += encoding.Levels[level].Share * levels[level];
        double missing = encoding.MissingLevel < 0 ? 0 : levels[encoding.MissingLevel] - mean;
        if (encoding.Kind == FeatureKind.Numeric)
            return new LinearTerm { Kind = FeatureKind.Numeric, Coefficient = slope, Mean = encoding.Mean, PresentEffect = 0 - mean, MissingEffect = missing };

        double other = encoding.OtherLevel < 0 ? 0 : levels[encoding.OtherLevel] - mean;
        double[] effects = new double[encoding.LevelOfCode.Length];
        for (int code = 0; code < effects.Length; code++)
            effects[code] = encoding.LevelOfCode[code] is >= 0 and int own ? levels[own] - mean : other;
        // A text that the plan does not know comes as a missing value: it goes with the rare ones where training had none missing.
        return new LinearTerm { Kind = FeatureKind.Categorical, CategoryEffects = effects, OtherEffect = other, MissingEffect = encoding.MissingLevel < 0 ? other : missing };
    }

    private static string NameOf(Level level, FeatureInfo feature) => level.Code switch
    {
        Level.Other => ModelCoefficient.OtherLevel,
        Level.Missing => ModelCoefficient.MissingLevel,
        int code => code < feature.Categories.Count ? feature.Categories[code] : code.ToString(CultureInfo.InvariantCulture),
    };
}
