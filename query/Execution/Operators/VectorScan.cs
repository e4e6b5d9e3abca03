using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Runs the kernel that fits a column of vectors over pieces of it: floats on the accelerator;
/// halves, signed bytes and bits on the processor, which reads them as they are stored.
/// </summary>
internal sealed class VectorScan
{
    private const long WidenedSizeBytesMax = 32L << 20;
    private readonly ExecutionContext _context;
    private readonly Metric _metric;
    private readonly DataType _type;
    private readonly int _k;
    private readonly ReadOnlyMemory<float> _numbers;
    private readonly sbyte[]? _int8s;

    /// <summary>Prepares a search for the k rows closest to a vector.</summary>
    /// <param name="metric">How closeness is measured.</param>
    /// <param name="type">The type of the column.</param>
    /// <param name="query">The vector, which may be of another type.</param>
    /// <param name="k">How many rows.</param>
    /// <param name="context">The run.</param>
    public VectorScan(
        Metric metric, DataType type, Value query, int k, ExecutionContext context)
    {
        Invariant.Check(type.IsVector && type.Length == query.VectorDimension);
        Invariant.Check(
            (type.Kind == TypeKind.BitVector) == (metric is Metric.Hamming or Metric.Jaccard));
        _context = context;
        _metric = metric;
        _type = type;
        _k = k;
        Query = query;
        _numbers = type.Kind == TypeKind.BitVector ? default : VectorConverter.NumbersOf(query);
        // Signed bytes have a kernel of their own where the query consists of such too.
        _int8s = type.Kind == TypeKind.Int8Vector
            ? VectorQuery.TryInt8s(_numbers.Span)
            : null;
    }

    /// <summary>The vector.</summary>
    public Value Query { get; }

    /// <summary>How many rows are wanted.</summary>
    public int K => _k;

    /// <summary>What it read so far.</summary>
    public VectorScanStatistics Statistics { get; private set; }

    /// <summary>The closest rows of some pieces in their order.</summary>
    public Candidate[] Run(IReadOnlyList<VectorPiece> pieces)
    {
        if (_type.Kind != TypeKind.Vector
            && _context.Accelerator.Accelerator.Kind != AcceleratorKind.Cpu)
        {
            _context.Notices.Add(
                $"Vectors of the type {_type} are scanned by the processor: the accelerator has "
                + "VECTOR columns only.");
        }

        Statistics = Statistics.Plus(new VectorScanStatistics(
            pieces.Sum(static piece => (long)piece.Count), ByteRows: 0, ComparedRows: 0));
        try
        {
            return _type.Kind switch
            {
                TypeKind.Vector => RunFloats(pieces),
                TypeKind.HalfVector => Run<Half, float>(_numbers, pieces),
                TypeKind.Int8Vector when _int8s is not null =>
                    Run<sbyte, sbyte>(_int8s, pieces),
                TypeKind.Int8Vector => RunWidened(pieces),
                _ => Run<byte, byte>(Query.AsCompactVector().Bytes, pieces),
            };
        }
        catch (OperationCanceledException)
        {
            _context.ThrowIfCancelled();
            throw;
        }
    }

    /// <summary>The distance of a row of a store, in the precision of the expression.</summary>
    public double DistanceOf(VectorColumnStore store, int row) => store is FloatVectorStore floats
        ? Query.Kind == TypeKind.Vector
            ? Distance.Compute(_metric, floats.RowAt(row), _numbers.Span)
            : VectorPair.Distance(_metric, floats.ValueAt(row), Query)
        : VectorPair.Distance(_metric, _type.Kind, store.BytesAt(row), Query);

    private Candidate[] RunFloats(IReadOnlyList<VectorPiece> pieces)
    {
        var scan = new FloatScan(_metric, _numbers, _k, _context);
        Candidate[] best = scan.Run(pieces);
        Statistics = Statistics.Plus(new VectorScanStatistics(
            Rows: 0, scan.ByteRowCount, scan.ComparedRowCount));
        return best;
    }

    private unsafe Candidate[] Run<TElement, TQuery>(
        ReadOnlyMemory<TQuery> query, IReadOnlyList<VectorPiece> pieces)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        var blocks = new VectorBlock<TElement>[pieces.Count];
        for (int i = 0; i < blocks.Length; i++)
        {
            var store = (CompactVectorStore)pieces[i].Store;
            blocks[i] = new VectorBlock<TElement>(
                store.RowsOf<TElement>(pieces[i].Count),
                pieces[i].Count,
                store.StrideBytes / sizeof(TElement),
                pieces[i].FirstId,
                pieces[i].Mask);
        }

        return ParallelScan.Run(
            _context.Workers, _metric, query, _k, blocks, _context.Cancellation);
    }

    // Signed bytes and a query with other numbers: a few pieces at a time become floats.
    private Candidate[] RunWidened(IReadOnlyList<VectorPiece> pieces)
    {
        int dimension = _type.Length;
        long pieceBytes = (long)Limits.ChunkRowCount * dimension * sizeof(float);
        int atOnce = (int)Math.Clamp(WidenedSizeBytesMax / pieceBytes, 1, _context.Workers.Count);
        var buffers = new float[atOnce][];
        var best = new List<Candidate>();
        for (int start = 0; start < pieces.Count; start += atOnce)
        {
            int first = start;
            int count = Math.Min(atOnce, pieces.Count - start);
            var blocks = new VectorBlock<float>[count];
            _context.ThrowIfCancelled();
            _context.Workers.ForEach(count, i =>
            {
                VectorPiece piece = pieces[first + i];
                float[] buffer = buffers[i] ??= new float[Limits.ChunkRowCount * dimension];
                for (int row = 0; row < piece.Count; row++)
                {
                    CompactVector.Widen(
                        _type.Kind,
                        piece.Store.BytesAt(row),
                        buffer.AsSpan(row * dimension, dimension));
                }

                blocks[i] = new VectorBlock<float>(
                    buffer, piece.Count, dimension, piece.FirstId, piece.Mask);
            });
            best.AddRange(ParallelScan.Run(
                _context.Workers, _metric, _numbers, _k, blocks, _context.Cancellation));
        }

        best.Sort();
        return [.. best.Take(_k)];
    }
}
