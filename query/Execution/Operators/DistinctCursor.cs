namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Distinct"/>. Once the rows known do not fit the memory of an operator,
/// others are put on disk, and told apart part by part at the end.
/// </summary>
internal sealed class DistinctCursor : BatchCursor
{
    private readonly PlanNode _plan;
    private readonly ExecutionContext _context;
    private readonly SpilledParts _spilled;
    private readonly DataType[] _types;
    private BatchCursor? _input;
    private GroupTable _known;
    private SpillPartitions? _others;
    private long _size;
    private int _level;

    /// <summary>Takes the input over.</summary>
    public DistinctCursor(PlanNode plan, BatchCursor input, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _spilled = new SpilledParts(context);
        _input = input;
        _types = [.. plan.Output.Select(column => column.Type)];
        _known = new GroupTable(_types, context.Arrays, givesKeys: false);
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_input is not null)
        {
            _context.ThrowIfCancelled();
            if (_input.Next() is not { } batch)
            {
                EndInput();
            }
            else if (Take(batch) is { } fresh)
            {
                return fresh;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _known.Release();
        _input?.Dispose();
        _others?.Dispose();
        _spilled.Dispose();
        base.Dispose();
    }

    private RowBatch? Take(RowBatch batch)
    {
        var groups = new int[batch.Count];
        bool isFull = _context.Spill is not null && _level < SpillPartitions.LevelMax
            && _size + _known.SlotSizeBytes > _context.OperatorMemoryBytes;
        if (isFull)
        {
            _known.Find(batch.Columns, batch.Count, groups);
            Keep(groups, -1, isOne: true, out int unknown);
            if (unknown > 0)
            {
                RowBatch rows = batch.Gather(groups.AsSpan(0, unknown));
                _others ??= new SpillPartitions(_context.Spill!, _types, _types, _level);
                _others.Add(rows, rows.Columns);
            }

            return null;
        }

        int known = _known.Count;
        _known.FindOrAdd(batch.Columns, batch.Count, groups);
        Keep(groups, known, isOne: false, out int count);
        if (count == 0)
        {
            return null;
        }

        RowBatch fresh = count == batch.Count ? batch : batch.Gather(groups.AsSpan(0, count));
        _size += RowSizes.About(fresh);
        if (_context.Spill is null)
        {
            _context.CheckKept(_size + _known.SlotSizeBytes, _plan);
        }

        return fresh;
    }

    // Writes the rows whose group is the wanted one, or is the first of each from there on.
    private static void Keep(int[] groups, int wanted, bool isOne, out int count)
    {
        count = 0;
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] == wanted)
            {
                groups[count++] = row;
                wanted += isOne ? 0 : 1;
            }
        }
    }

    private void EndInput()
    {
        _input!.Dispose();
        _input = null;
        if (_others is not null)
        {
            _others.Complete();
            _context.Profile?.Find(_plan)?.CountSpilled(_others.LengthBytes);
            _spilled.Push(_others, _level);
            _others = null;
        }

        if (_spilled.TryOpen(out BatchCursor? part, out int level))
        {
            _input = part;
            _level = level;
            _known.Release();
            _known = new GroupTable(_types, _context.Arrays, givesKeys: false);
            _size = 0;
        }
    }
}
