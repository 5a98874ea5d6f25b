using ChurnEngine.Columns;
using ChurnEngine.Explain;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring;

/// <summary>Turns one partition into the batch that is written: key, as-of, probability and margin (of a regression the value), and what else was asked for.</summary>
internal sealed class PartitionScorer
{
    private readonly ChurnModel _model;
    private readonly IModelBackend _backend;
    private readonly ScoredColumns _options;
    private readonly IFeatureRows _source;
    private readonly int[] _passThrough;
    private readonly ReasonColumns? _reasons;
    private readonly bool _isRegression;
    private readonly RowFilter? _filter;
    private readonly FlagRule _flag;

    public PartitionScorer(IFeatureRows source, ChurnModel model, IModelBackend backend, ScoredColumns options)
    {
        (_source, _model, _backend, _options) = (source, model, backend, options);
        CheckFeatures(source, model);
        _isRegression = model.Metadata.Task == ModelTask.Regression;
        if (_isRegression && options.Risk is not null)
            throw ScoringErrors.RiskOfAValue(model.Version);
        string[] names = [.. source.Features.Select(feature => feature.Name)];
        if (options.PassThrough.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
            throw ScoringErrors.RepeatedPassThrough(twice);
        _passThrough = [.. options.PassThrough.Select(name => Array.IndexOf(names, name) is >= 0 and int index ? index : throw ScoringErrors.UnknownPassThrough(name, names))];
        if (options.Where is { } where)
            _filter = RowFilter.Parse(where, "--where", source.Features, _isRegression ? ["value"] : ["probability", "margin"]);
        _flag = new FlagRule(model.Metadata);
        ReasonsFrom = options.ReasonsFrom ?? model.Metadata.Threshold;
        Schema = BuildSchema();
        if (options.Reasons > 0)
            _reasons = new ReasonColumns(model.Predictor, options.ReasonBook ?? new ReasonBook(source.Features, [], model.Metadata.Distributions, ReasonRules.Default), options.Reasons, options.ReasonParts);
    }

    public Schema Schema { get; }

    public double ReasonsFrom { get; }

    /// <summary>The condition that rows meet to be written, one text for all ways to write it; null for none.</summary>
    public string? Where => _filter?.Canonical;

    /// <summary>Scores the rows of a partition and takes those that meet the condition, in their order; the caller disposes what comes back.</summary>
    public ScoredPart ScorePart(int index, ScoringPartition partition)
    {
        (NativeBuffer<float> predicted, NativeBuffer<float> margin) = Predict(index, partition.Matrix);
        ScoreSketch scores = ScoreSketch.Of(predicted.Span);
        int rows = (int)predicted.Length;
        int[]? kept = _filter?.Select(partition.Matrix, predicted.Span, margin.Span);
        if (kept is null || kept.Length == rows)
            return new ScoredPart(index, partition.NotAtRisk, 0, Write(partition.Matrix, partition.Keys.CopyRows(0, rows), predicted, margin), scores);
        using FeatureMatrix matrix = partition.Matrix.Gather(kept);
        NativeBuffer<float> keptPredicted = Gather(predicted, kept), keptMargin = Gather(margin, kept);
        return new ScoredPart(index, partition.NotAtRisk, rows - kept.Length, Write(matrix, partition.Keys.Gather(kept), keptPredicted, keptMargin), scores);
    }

    private (NativeBuffer<float> Predicted, NativeBuffer<float> Margin) Predict(int index, FeatureMatrix matrix)
    {
        int rows = checked((int)matrix.RowCount);
        NativeBuffer<float> predicted = NativeBuffer<float>.Allocate(rows);
        NativeBuffer<float> margin = NativeBuffer<float>.Allocate(rows);
        _backend.Predict(matrix.Rows(0, rows), predicted.Span, margin.Span);
        Check(index, predicted.Span);
        return (predicted, margin);
    }

    // The batch takes over keys and scores.
    private RecordBatch Write(FeatureMatrix matrix, Column keys, NativeBuffer<float> predicted, NativeBuffer<float> margin)
    {
        int rows = keys.Length;
        List<Column> columns = [keys];
        if (_source.AsOf is { } asOf)
        {
            NativeBuffer<long> instants = NativeBuffer<long>.Allocate(rows);
            instants.Span.Fill(asOf);
            columns.Add(new PrimitiveColumn<long>(ColumnType.TimestampMicros, instants, rows));
        }
        columns.Add(new PrimitiveColumn<float>(ColumnType.Float32, predicted, rows));
        if (_isRegression)
            margin.Dispose();
        else
            columns.Add(new PrimitiveColumn<float>(ColumnType.Float32, margin, rows));
        if (_options.Risk is { } risk)
            columns.Add(risk.ColumnOf(predicted.Span));
        if (_options.Flag)
            columns.Add(Flags(matrix, predicted.Span));
        foreach (int feature in _passThrough)
            columns.Add(matrix.CopyFeature(feature));
        if (_reasons is not null)
            columns.AddRange(_reasons.Write(matrix, predicted.Span, _options.ReasonsFrom is null ? _flag : null, ReasonsFrom));
        return new RecordBatch(Schema, columns, rows);
    }

    private PrimitiveColumn<long> Flags(FeatureMatrix matrix, ReadOnlySpan<float> probability)
    {
        NativeBuffer<long> flags = NativeBuffer<long>.Allocate(probability.Length);
        for (int row = 0; row < probability.Length; row++)
            flags[row] = probability[row] >= _flag.Of(matrix.Row(row)) ? 1 : 0;
        return new PrimitiveColumn<long>(ColumnType.Int64, flags, probability.Length);
    }

    private static NativeBuffer<float> Gather(NativeBuffer<float> values, ReadOnlySpan<int> rows)
    {
        using (values)
        {
            NativeBuffer<float> kept = NativeBuffer<float>.Allocate(rows.Length);
            for (int i = 0; i < rows.Length; i++)
                kept[i] = values[rows[i]];
            return kept;
        }
    }

    private static void CheckFeatures(IFeatureRows source, ChurnModel model)
    {
        IReadOnlyList<FeatureInfo> wanted = model.Metadata.Features;
        for (int i = 0; i < Math.Max(wanted.Count, source.Features.Count); i++)
        {
            string expected = i < wanted.Count ? wanted[i].Name : "nothing";
            string actual = i < source.Features.Count ? source.Features[i].Name : "nothing";
            if (expected != actual)
                throw ScoringErrors.OtherFeatures(model.Version, i, expected, actual);
        }
    }

    private Schema BuildSchema()
    {
        List<Field> fields = [new(_source.KeyName, _source.KeyType, Nullable: false)];
        if (_source.AsOf is not null)
            fields.Add(new("as_of", ColumnType.TimestampMicros, Nullable: false));
        foreach (string output in _isRegression ? (string[])["value"] : ["probability", "margin"])
            fields.Add(new(output, ColumnType.Float32, Nullable: false));
        if (_options.Risk is not null)
            fields.Add(new(RiskBands.ColumnName, ColumnType.Utf8));
        if (_options.Flag)
            fields.Add(new(ScoredColumns.FlagColumn, ColumnType.Int64, Nullable: false));
        foreach (int feature in _passThrough)
            fields.Add(new(_source.Features[feature].Name, _source.Features[feature].Kind == FeatureKind.Categorical ? ColumnType.Utf8 : ColumnType.Float32));
        fields.AddRange(ReasonColumns.Fields(_options.Reasons, _options.ReasonParts));
        if (fields.GroupBy(field => field.Name).FirstOrDefault(group => group.Count() > 1)?.Key is { } taken)
            throw ScoringErrors.TakenPassThrough(taken);
        return new Schema(fields);
    }

    private void Check(int partition, ReadOnlySpan<float> predicted)
    {
        for (int row = 0; row < predicted.Length; row++)
        {
            if (!(_isRegression ? float.IsFinite(predicted[row]) : predicted[row] is >= 0 and <= 1))
                throw ScoringErrors.NotAPrediction(partition, row, predicted[row], _isRegression);
        }
    }
}
