using System.Runtime.InteropServices;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a query divided into those that train, validate and test. Dividing reads the query
/// once; the parts of the rows are kept, a byte each, so that every later pass sees the same.
/// </summary>
internal sealed class ModelData
{
    private const byte Rejected = 255;
    private const int DuplicateRowsMax = 1 << 22;

    private readonly List<byte> _parts = [];
    private readonly long[] _counts = new long[4];
    private readonly ModelSplit _split;
    private readonly SourcePosition _position;
    private readonly int _left;

    private ModelData(
        ModelQuery query,
        IReadOnlyList<ModelTarget> targets,
        ModelSplit split,
        SourcePosition position)
    {
        Invariant.Check(targets.Count > 0);
        Query = query;
        Targets = targets;
        _split = split;
        _position = position;

        // What only divides rows does not make them differ.
        _left = split.TakesColumn ? query.IndexOf(split.Column) : -1;
    }

    private ModelData(ModelData rows, int judged)
        : this(rows.Query, rows.Targets, rows._split, rows._position)
    {
        Judged = judged;
        SplitHash = rows.SplitHash;
        SnapshotHash = rows.SnapshotHash;
        DuplicateCount = rows.DuplicateCount;
        _parts = rows._parts;
        _counts = rows._counts;
    }

    /// <summary>The query.</summary>
    public ModelQuery Query { get; }

    /// <summary>The targets; one that says so if nothing is predicted.</summary>
    public IReadOnlyList<ModelTarget> Targets { get; }

    /// <summary>The number of the target that is judged.</summary>
    public int Judged { get; init; }

    /// <summary>The same rows, to judge another target by.</summary>
    public ModelData For(int judged) => new(this, judged);

    /// <summary>The target that is judged.</summary>
    public ModelTarget Target => Targets[Judged];

    /// <summary>Which row has which part, as a hash.</summary>
    public string SplitHash { get; private set; } = "";

    /// <summary>Which rows the query gave, whatever their parts and order, as a hash.</summary>
    public string SnapshotHash { get; private set; } = "";

    /// <summary>Rows of the query.</summary>
    public long RowCount => _parts.Count;

    /// <summary>Rows whose target cannot be used.</summary>
    public long RejectedCount => _counts[^1];

    /// <summary>
    /// Rows that validate or test and equal one that trains; -1 if nobody looked.
    /// </summary>
    public long DuplicateCount { get; private set; } = -1;

    /// <summary>Rows of a part.</summary>
    public long CountOf(SplitPart part) => _counts[(int)part];

    /// <summary>Divides the rows of a query; those that lack a target are rejected.</summary>
    public static ModelData Divide(
        ModelQuery query,
        IReadOnlyList<ModelTarget> targets,
        ModelSplit split,
        SourcePosition position,
        int judged = 0)
    {
        var data = new ModelData(query, targets, split, position) { Judged = judged };
        data.Divide();
        return data;
    }

    /// <summary>The rows of a part, in the order of the query.</summary>
    public IEnumerable<RowBatch> Read(SplitPart part)
    {
        int offset = 0;
        foreach (RowBatch batch in Query.Read())
        {
            if (Select(batch, offset, (byte)part) is { } selected)
            {
                yield return selected;
            }

            offset += batch.Count;
        }

        Invariant.Check(offset == _parts.Count, "a query gives the same rows each time");
    }

    private RowBatch? Select(RowBatch batch, int offset, byte part)
    {
        ReadOnlySpan<byte> parts = PartsOf(offset, batch.Count);
        int count = parts.Count(part);
        if (count == 0 || count == batch.Count)
        {
            return count == 0 ? null : batch;
        }

        var rows = new int[count];
        for (int row = 0, at = 0; row < parts.Length; row++)
        {
            if (parts[row] == part)
            {
                rows[at++] = row;
            }
        }

        return batch.Gather(rows);
    }

    private Span<byte> PartsOf(int offset, int count) =>
        CollectionsMarshal.AsSpan(_parts).Slice(offset, count);

    private void Divide()
    {
        bool isLate = _split.Kind is not
            (ModelSplitKind.Random or ModelSplitKind.Grouped or ModelSplitKind.Named);
        var hash = new SplitHash();
        var snapshot = new SplitHash();
        var splitter = new RowSplitter(_split, Query, _position);
        foreach (RowBatch batch in Query.Read())
        {
            int offset = _parts.Count;
            for (int row = 0; row < batch.Count; row++)
            {
                _parts.Add(IsUsable(batch, row) ? (byte)0 : Rejected);
            }

            ulong[] keys = RowKeys.Of(batch, _left);
            Span<byte> parts = PartsOf(offset, batch.Count);
            snapshot.Add(keys);
            splitter.Add(batch, keys, parts);
            if (!isLate)
            {
                hash.Add(keys, parts);
                Observe(batch, parts);
            }
        }

        if (isLate)
        {
            splitter.End(CollectionsMarshal.AsSpan(_parts));
        }

        if (isLate || (_split.Kind == ModelSplitKind.Named && RowCount <= DuplicateRowsMax))
        {
            ReadAgain(isLate ? hash : null);
        }

        SplitHash = hash.ToString();
        SnapshotHash = snapshot.ToString();
        foreach (byte part in CollectionsMarshal.AsSpan(_parts))
        {
            _counts[Math.Min(part, (byte)3)]++;
        }
    }

    private bool IsUsable(RowBatch batch, int row)
    {
        foreach (ModelTarget target in Targets)
        {
            if (!target.IsUsable(batch, row))
            {
                return false;
            }
        }

        return true;
    }

    // Equal rows can only be on two sides where their values do not decide.
    private void ReadAgain(SplitHash? hash)
    {
        bool isCounting = RowCount <= DuplicateRowsMax;
        var trained = new HashSet<ulong>();
        var others = new List<ulong>();
        int offset = 0;
        foreach (RowBatch batch in Query.Read())
        {
            ulong[] keys = RowKeys.Of(batch, _left);
            Span<byte> parts = PartsOf(offset, batch.Count);
            offset += batch.Count;
            if (hash is not null)
            {
                hash.Add(keys, parts);
                Observe(batch, parts);
            }

            for (int row = 0; isCounting && row < keys.Length; row++)
            {
                if (parts[row] == (byte)SplitPart.Train)
                {
                    trained.Add(keys[row]);
                }
                else if (parts[row] != Rejected)
                {
                    others.Add(keys[row]);
                }
            }
        }

        DuplicateCount = isCounting ? others.Count(trained.Contains) : -1;
    }

    private void Observe(RowBatch batch, ReadOnlySpan<byte> parts)
    {
        for (int row = 0; row < parts.Length; row++)
        {
            if (parts[row] == (byte)SplitPart.Train)
            {
                foreach (ModelTarget target in Targets)
                {
                    target.ObserveTraining(batch, row);
                }
            }
        }
    }
}
