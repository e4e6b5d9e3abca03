using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>A pass over the rows of a query.</summary>
internal sealed class ModelExampleReader : IExampleReader
{
    private const int PieceFloats = 1 << 18;
    private const int PieceRowsMax = 2048;

    private readonly ModelExamples _source;
    private readonly IEnumerator<RowBatch> _batches;
    private readonly RawRows _raw;
    private readonly bool[] _isUsable;
    private readonly float[] _features;
    private readonly float[] _targets;
    private RowBatch? _batch;
    private int _next;
    private int _ready;
    private int _taken;
    private long _count;
    private long _unusable;

    /// <summary>A pass from the first row.</summary>
    public ModelExampleReader(ModelExamples source)
    {
        int rows = Math.Clamp(PieceFloats / Math.Max(1, source.FeatureCount), 1, PieceRowsMax);
        _source = source;
        _batches = source.Batches().GetEnumerator();
        _raw = source.NewRows(rows);
        _isUsable = new bool[rows];
        _features = new float[rows * source.FeatureCount];
        _targets = new float[rows * source.TargetCount];
    }

    /// <inheritdoc/>
    public int Read(Span<float> features, Span<float> targets)
    {
        int width = _source.FeatureCount;
        int targetWidth = _source.TargetCount;
        int room = features.Length / Math.Max(1, width);
        int count = 0;
        while (count < room)
        {
            if (_taken == _ready && !TryFill())
            {
                break;
            }

            int piece = Math.Min(room - count, _ready - _taken);
            _features.AsSpan(_taken * width, piece * width).CopyTo(features[(count * width)..]);
            _targets.AsSpan(_taken * targetWidth, piece * targetWidth)
                .CopyTo(targets[(count * targetWidth)..]);
            _taken += piece;
            count += piece;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => _batches.Dispose();

    private bool TryFill()
    {
        do
        {
            if (_batch is null || _next >= _batch.Count)
            {
                if (!_batches.MoveNext())
                {
                    _source.EndPass(_count, _unusable);
                    return false;
                }

                _batch = _batches.Current;
                _next = 0;
            }

            int given = Math.Min(_raw.CountMax, _batch.Count - _next);
            _ready = _source.Fill(_batch, _next, _raw, _isUsable, _features, _targets);
            _taken = 0;
            _next += given;
            _count += _ready;
            _unusable += given - _ready;
        }
        while (_ready == 0);
        return true;
    }
}
