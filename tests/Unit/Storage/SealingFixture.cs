using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Seals the rows in memory into segment files, as a checkpoint does.</summary>
internal sealed class SealingFixture : IDisposable
{
    private readonly MemoryFileSystem _disk = new(keepsJournal: false);
    private readonly Guid _databaseId = new("3f8e2d5a-8f0a-4d55-9a3b-0c1d2e3f4a5b");
    private readonly List<SegmentFile> _files = [];
    private long _lastSegmentId;

    public SealingFixture(long budgetBytes = 64 << 20)
    {
        Buffers = new BufferManager(budgetBytes);
        _disk.CreateDirectory("/seg");
        _disk.FlushDirectory("/seg");
    }

    public BufferManager Buffers { get; }

    /// <summary>Freezes all tables and seals them at once.</summary>
    public void Seal(StorageEngine engine, bool merges = false) =>
        Switch(engine, Freeze(engine), merges);

    /// <summary>
    /// Writes what lived at a freeze into segments, one for each delta or, merged, one for each
    /// table, and installs them.
    /// </summary>
    public void Switch(StorageEngine engine, FrozenState state, bool merges = false)
    {
        var switches = new List<TableSwitch>();
        foreach (FrozenTable table in state.Tables.Where(static table => table.Parts.Count > 0))
        {
            RowPart[] parts = merges
                ? [Write(table.Table, table.Parts, state.Timestamp)]
                : [.. table.Parts.Select(part => part is SealedRows rows
                    ? rows.WithDead(rows.DeadAt(state.Timestamp, out _))
                    : Write(table.Table, [part], state.Timestamp))];
            switches.Add(new TableSwitch(table, parts));
        }

        engine.Layouts.Switch(state, switches, []);
    }

    public void Dispose()
    {
        foreach (SegmentFile file in _files)
        {
            file.Dispose();
        }
    }

    private SealedRows Write(TableEntry table, IReadOnlyList<RowPart> parts, long timestamp)
    {
        var identity = new SegmentIdentity(_databaseId, table.Id, ++_lastSegmentId);
        string path = $"/seg/{identity.SegmentId}.seg";
        long firstRowId = parts[0].FirstRowId;
        SegmentInfo info;
        using (SegmentWriter writer = SegmentWriter.Create(
            _disk, path, identity, table.Schema, PageGuard.Of(null, identity)))
        {
            foreach (LiveRows live in parts.SelectMany(part => part.LiveRowsAt(timestamp)))
            {
                writer.Append(
                    live.Columns,
                    live.Rows,
                    [.. live.RowIds.Select(rowId => rowId - firstRowId)]);
            }

            info = writer.Complete();
        }

        SegmentFile file = SegmentFile.Open(
            _disk, path, identity, table.Schema, PageGuard.Of(null, identity), info, Buffers);
        _files.Add(file);
        return new SealedRows(file, table.Schema, firstRowId, parts[^1].EndRowId, null);
    }
}
