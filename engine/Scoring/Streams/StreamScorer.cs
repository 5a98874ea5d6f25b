using System.Collections.Concurrent;
using ChurnEngine.Columns;
using ChurnEngine.Features;
using ChurnEngine.Models;

namespace ChurnEngine.Scoring;

/// <summary>What came through a pipe: rows in = rows out + left out.</summary>
/// <param name="Batches">Batches written.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="LeftOut">Rows that the condition left out.</param>
/// <param name="ReaderLeft">True when who reads the output closed it before the end; what came after was not scored.</param>
public sealed record StreamReport(long Batches, long Rows, long LeftOut, bool ReaderLeft);

/// <summary>A batch of a stream that was scored.</summary>
/// <param name="Rows">[N] as they came.</param>
/// <param name="Keys">[N].</param>
/// <param name="Features">[N, F].</param>
/// <param name="Scored">What goes out.</param>
public readonly record struct ScoredBatch(RecordBatch Rows, Column Keys, FeatureMatrix Features, RecordBatch Scored);

/// <summary>Scores the rows of an Arrow stream into another: a batch out for a batch in, in their order, each sent as soon as it is done.</summary>
/// <remarks>Memory: as many batches as threads. The batches out are the same for any number of threads.</remarks>
public sealed class StreamScorer
{
    // How Linux, and Windows in two ways, say that nobody reads any more.
    private const int BrokenPipe = 32, WindowsBrokenPipe = unchecked((int)0x8007006D), WindowsNoData = unchecked((int)0x800700E8);
    private readonly ArrowStreamReader _input;
    private readonly IRowFeatures _featurizer;
    private readonly PartitionScorer _scorer;

    /// <summary>Told of every batch that was scored, before it is written; the batches come in any order. Null: nobody.</summary>
    /// <remarks>What it is told of stays the scorer's. Called by several threads at once.</remarks>
    public Action<ScoredBatch>? Observer { get; init; }

    /// <summary>Prepares to score.</summary>
    /// <param name="input">Rows with the key and the columns of the features; <see cref="Run"/> takes it over.</param>
    /// <param name="featurizer">The model's plan.</param>
    /// <param name="model">The model.</param>
    /// <param name="backend">Runs it; not disposed here.</param>
    /// <param name="columns">Which rows and columns come out.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> CE6018 when keys cannot be of their type; what <see cref="ScoredColumns"/> that do not fit the model cause.</remarks>
    public StreamScorer(ArrowStreamReader input, IRowFeatures featurizer, ChurnModel model, IModelBackend backend, ScoredColumns columns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(featurizer);
        (_input, _featurizer) = (input, featurizer);
        ColumnType keyType = StreamKeys.TypeOf(input.Schema.Fields[input.Schema.IndexOf(featurizer.KeyName)]);
        _scorer = new PartitionScorer(new StreamRows(featurizer, keyType), model, backend, columns);
    }

    /// <summary>Scores to the end of the input, and disposes its reader.</summary>
    /// <param name="output">Gets the stream; stays the caller's.</param>
    /// <param name="budget">Threads.</param>
    /// <param name="progress">Rows written so far under step "score"; may be null.</param>
    /// <param name="cancellation">Stops between batches; the output then lacks its end marker, as after every error.</param>
    /// <remarks>Errors: <see cref="ChurnDataException"/> for what is wrong with the input, after the batches before it were written; <see cref="IOException"/> when the output fails.</remarks>
    public StreamReport Run(Stream output, JobBudget budget, IProgress<StepProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(budget);
        using var flow = new Flow(this, budget.Threads, cancellation);
        long batches = 0, rows = 0, leftOut = 0;
        try
        {
            using var writer = new ArrowStreamWriter(output, _scorer.Schema, leaveOpen: true);
            output.Flush();
            foreach (ScoredPart scored in flow.InOrder())
            {
                writer.Write(scored.Batch);
                output.Flush();
                (batches, rows, leftOut) = (batches + 1, rows + scored.Batch.Length, leftOut + scored.LeftOut);
                progress?.Report(new StepProgress("score", rows, 0));
            }
            writer.Complete();
            output.Flush();
            return new StreamReport(batches, rows, leftOut, ReaderLeft: false);
        }
        catch (IOException gone) when (gone.HResult is BrokenPipe or WindowsBrokenPipe or WindowsNoData)
        {
            return new StreamReport(batches, rows, leftOut, ReaderLeft: true);
        }
    }

    private ScoredPart Score(RecordBatch batch, int number)
    {
        using (batch)
        {
            using Column keys = StreamKeys.Read(batch[_featurizer.KeyName], _featurizer.KeyName, number);
            using FeatureMatrix matrix = _featurizer.Compute(batch);
            ScoredPart scored = _scorer.ScorePart(number - 1, new ScoringPartition(matrix, keys, NotAtRisk: 0));
            Observer?.Invoke(new ScoredBatch(batch, keys, matrix, scored.Batch));
            return scored;
        }
    }

    private sealed record StreamRows(IRowFeatures Featurizer, ColumnType KeyType) : IFeatureRows
    {
        public string KeyName => Featurizer.KeyName;

        public IReadOnlyList<FeatureInfo> Features => Featurizer.Features;

        public long? AsOf => null;
    }

    /// <summary>Reads on one thread, scores on as many as the budget has, and hands over in the order read. A batch is read when one before it was handed on.</summary>
    private sealed class Flow : IDisposable
    {
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
        private readonly BlockingCollection<Task<ScoredPart>> _scored = [];
        private readonly SemaphoreSlim _room;
        private readonly CancellationTokenSource _stop;
        private readonly StreamScorer _owner;
        private readonly Thread _reader;

        public Flow(StreamScorer owner, int threads, CancellationToken cancellation)
        {
            (_owner, _room, _stop) = (owner, new SemaphoreSlim(threads), CancellationTokenSource.CreateLinkedTokenSource(cancellation));
            // In the background: who sends nothing more, and does not close either, must not keep a process that was told to end.
            _reader = new Thread(Read) { IsBackground = true, Name = "read stream" };
            _reader.Start();
        }

        /// <summary>The batches; each is disposed when the next is asked for.</summary>
        public IEnumerable<ScoredPart> InOrder()
        {
            foreach (Task<ScoredPart> task in _scored.GetConsumingEnumerable(_stop.Token))
            {
                using ScoredPart scored = task.GetAwaiter().GetResult();
                yield return scored;
                _room.Release();
            }
        }

        public void Dispose()
        {
            _stop.Cancel();
            // It may sit in a read that never ends; then it goes with the process, and what it holds with it.
            bool ended = _reader.Join(s_patience);
            // What was scored and is not wanted any more. Its scoring still uses the backend, so this waits for it.
            while (_scored.TryTake(out Task<ScoredPart>? task))
            {
                if (((IAsyncResult)task).AsyncWaitHandle.WaitOne() && task.IsCompletedSuccessfully)
                    task.Result.Dispose();
            }
            if (!ended)
                return;
            _stop.Dispose();
            _room.Dispose();
            _scored.Dispose();
        }

        private void Read()
        {
            try
            {
                for (int number = 1; ; number++)
                {
                    _room.Wait(_stop.Token);
                    RecordBatch? batch = _owner._input.Read();
                    if (batch is null)
                        break;
                    if (_stop.IsCancellationRequested)
                    {
                        batch.Dispose();
                        break;
                    }
                    int its = number;
                    _scored.Add(Task.Run(() => _owner.Score(batch, its)));
                }
            }
            catch (Exception failure)
            {
                // It belongs behind the batches that came before it.
                _scored.Add(Task.FromException<ScoredPart>(failure));
            }
            finally
            {
                _owner._input.Dispose();
                _scored.CompleteAdding();
            }
        }
    }
}
