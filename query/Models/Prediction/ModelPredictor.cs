using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Predicts the rows of batches with a version of a model, a piece that stays in the cache at a
/// time. For one thread; what it gives is valid until the next batch.
/// </summary>
internal sealed class ModelPredictor
{
    private const int PieceFloats = 1 << 16;
    private const int PieceRowsMax = 512;

    private readonly ModelRows _rows;
    private readonly int _pieceRowsMax;
    private RawRows _raw;
    private float[] _features = [];
    private float[] _outputs = [];
    private bool[] _isUsable = [];

    /// <summary>A predictor for batches with columns of these names and types.</summary>
    /// <param name="version">The version.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="position">The place in the statement.</param>
    /// <param name="isEmbedding">Whether vectors are wanted and no predictions.</param>
    public ModelPredictor(
        ModelVersion version,
        IReadOnlyList<ModelColumn> columns,
        SourcePosition position,
        bool isEmbedding = false)
    {
        Version = version;
        Model? embedding = isEmbedding ? version.Embedding : null;
        Invariant.Check(embedding is not null || !isEmbedding);
        Model = embedding ?? version.Model;
        _rows = ModelRows.Bind(version.Pipeline.Columns, columns, position);
        int width = Math.Max(1, Model.FeatureCount);
        _pieceRowsMax = Math.Clamp(PieceFloats / width, 1, PieceRowsMax);
        _raw = _rows.NewRows(0);
        Tagger = Model is TaggerModel tagger ? new TaggerRun(tagger) : null;
    }

    /// <summary>The version.</summary>
    public ModelVersion Version { get; }

    /// <summary>The function that runs: the model, or the part of it that gives vectors.</summary>
    public Model Model { get; }

    /// <summary>The outputs of the model, (rows, outputs).</summary>
    public ReadOnlySpan<float> Outputs => _outputs.AsSpan(0, Count * Model.OutputCount);

    /// <summary>Whether each row could be turned into features.</summary>
    public ReadOnlySpan<bool> IsUsable => _isUsable.AsSpan(0, Count);

    /// <summary>The rows of the last batch.</summary>
    public int Count { get; private set; }

    /// <summary>What tags the <see cref="Texts"/>, for models that read texts as they are.
    /// </summary>
    public TaggerRun? Tagger { get; }

    /// <summary>The texts of the last batch for such a model.</summary>
    public ReadOnlySpan<string?> Texts => _raw.Texts[0].AsSpan(0, Count);

    /// <summary>Predicts the rows of a batch.</summary>
    public void Run(RowBatch batch, ExecutionContext context)
    {
        Count = batch.Count;
        if (_isUsable.Length < batch.Count)
        {
            _isUsable = new bool[batch.Count];
            _outputs = new float[batch.Count * Model.OutputCount];
        }

        if (Tagger is not null || Model is NodeModel)
        {
            ReadTexts(batch);
            return;
        }

        // A question for one row must not leave the memory of thousands behind.
        int piece = Math.Min(batch.Count, _pieceRowsMax);
        if (_raw.CountMax < piece)
        {
            _raw = _rows.NewRows(piece);
            _features = new float[piece * Math.Max(1, Model.FeatureCount)];
        }

        for (int at = 0; at < batch.Count; at += _raw.CountMax)
        {
            context.ThrowIfCancelled();
            int count = Math.Min(_raw.CountMax, batch.Count - at);
            _rows.Read(batch, at, count, _raw);
            int usable = Version.Pipeline.Apply(_raw, _features, _isUsable.AsSpan(at, count));
            if (usable > 0)
            {
                Model.Predict(
                    _features,
                    count,
                    _outputs.AsSpan(at * Model.OutputCount, count * Model.OutputCount));
            }
        }
    }

    private void ReadTexts(RowBatch batch)
    {
        if (_raw.CountMax < batch.Count)
        {
            _raw = _rows.NewRows(batch.Count);
        }

        _rows.Read(batch, 0, batch.Count, _raw);
        for (int row = 0; row < batch.Count; row++)
        {
            string? text = _raw.Texts[0][row];
            _isUsable[row] = text is not null;
            if (Model is NodeModel graph)
            {
                _isUsable[row] = text is not null
                    && Version.LabelNumbers.TryGetValue(text, out int node)
                    && graph.VectorOf(node).Span.TryCopyTo(
                        _outputs.AsSpan(row * graph.OutputCount));
            }
        }
    }
}
