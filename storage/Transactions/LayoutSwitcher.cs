namespace NeuroDb.Storage;

/// <summary>
/// Puts new layouts in the place of old ones, for checkpoints: <see cref="Freeze"/> begins new
/// deltas, so that the parts before get no more rows; then the caller writes what lived into other
/// parts, in its own time; then <see cref="Switch"/> installs those, with the ends that came in
/// between. Both take the commit gate for as long as it takes to go through the tables, and make a
/// new generation. One freeze at a time.
/// </summary>
internal sealed class LayoutSwitcher(GroupWriter writer)
{
    /// <summary>The generations that somebody needs.</summary>
    public GenerationChain Generations => writer.States.Applied.Generation.Chain;

    /// <summary>The order in which a freeze that follows at once goes through all tables.</summary>
    public FreezeOrder PlanFreeze() => new(writer.States.Published.Catalog);

    /// <summary>
    /// Freezes all tables at the last applied commit. Every later end of their versions is recorded
    /// until <see cref="Switch"/> or <see cref="Abandon"/>.
    /// </summary>
    /// <param name="order">Found before the gate is taken.</param>
    public FrozenState Freeze(FreezeOrder order)
    {
        lock (writer.Gate)
        {
            writer.CheckRunning();
            CatalogView catalog = writer.States.Applied.Catalog;
            order = ReferenceEquals(order.Catalog, catalog) ? order : new FreezeOrder(catalog);
            var layouts = new Dictionary<VersionedTable, TableLayout>();
            var tables = new List<FrozenTable>(order.Tables.Length);
            foreach (TableEntry table in order.Tables)
            {
                RowPart[] parts = [.. table.Rows.Layout.Parts];
                if (parts[^1].RowCount > 0)
                {
                    RowDelta next = table.Rows.Layout.Active.Succeed(
                        table.Schema, table.Rows.NextRowId);
                    layouts.Add(table.Rows, new TableLayout([.. parts, next]));
                }
                else
                {
                    parts = parts[..^1];
                }

                foreach (RowPart part in parts)
                {
                    part.BeginRecording();
                }

                tables.Add(table.Rows.ToFrozen(table, parts));
            }

            Install(layouts, []);
            return new FrozenState(writer.States.Applied.Timestamp, tables, order.Indexes)
            {
                Objects = order.Objects,
            };
        }
    }

    /// <summary>
    /// Installs parts in the place of the frozen ones. Every state up to the freeze must be
    /// published, see <see cref="WaitForPublished"/>: what was dead at the freeze is
    /// not in the new parts.
    /// </summary>
    /// <param name="state">What <see cref="Freeze"/> gave.</param>
    /// <param name="tables">The tables whose parts are replaced.</param>
    /// <param name="dropped">Tables that were dropped, whose layouts old readers may have.</param>
    public void Switch(
        FrozenState state,
        IReadOnlyList<TableSwitch> tables,
        IReadOnlyList<VersionedTable> dropped)
    {
        lock (writer.Gate)
        {
            writer.CheckRunning();
            Invariant.Check(writer.States.Published.Timestamp >= state.Timestamp);
            var layouts = new Dictionary<VersionedTable, TableLayout>(tables.Count);
            foreach (TableSwitch change in tables)
            {
                CarryEnds(change);
                ReadOnlySpan<RowPart> now = change.Frozen.Table.Rows.Layout.Parts;
                int kept = change.Frozen.Parts.Count;
                for (int i = 0; i < kept; i++)
                {
                    Invariant.Check(ReferenceEquals(now[i], change.Frozen.Parts[i]));
                }

                layouts.Add(
                    change.Frozen.Table.Rows,
                    new TableLayout([.. change.Parts, .. now[kept..]]));
            }

            EndRecording(state);
            Install(layouts, dropped);
        }
    }

    /// <summary>
    /// Puts segments of a commit behind the rows of tables, in a new generation; under the commit
    /// gate. Their rows are hidden from snapshots before the commit by its timestamp.
    /// </summary>
    public void Extend(
        IReadOnlyDictionary<VersionedTable, IReadOnlyList<SealedRows>> added, long timestamp)
    {
        Generation old = writer.States.Applied.Generation;
        Generation next = old.Supersede(
            added.ToDictionary(static pair => pair.Key, static pair => pair.Key.Layout));
        foreach ((VersionedTable table, IReadOnlyList<SealedRows> parts) in added)
        {
            table.Extend(
                BulkParts.LayoutWith(table.Layout, table.Schema, parts), parts, timestamp);
        }

        Show(old, next);
    }

    /// <summary>
    /// Gives tables other definitions, in a new generation; under the commit gate. Rows that were
    /// there keep the columns that they have.
    /// </summary>
    public void Alter(IReadOnlyList<TableEntry> altered)
    {
        var layouts = new Dictionary<VersionedTable, TableLayout>();
        foreach (TableEntry table in altered)
        {
            bool isWider = table.Schema.Columns.Count > table.Rows.Schema.Columns.Count;
            table.Rows.Alter(table.Schema);
            if (isWider)
            {
                layouts.Add(table.Rows, table.Rows.LayoutFor(table.Schema));
            }
        }

        if (layouts.Count > 0)
        {
            Install(layouts, []);
        }
    }

    /// <summary>
    /// Begins a generation of the same layouts, so that memory which was replaced goes with those
    /// who read the one before. Does nothing if the database is closed.
    /// </summary>
    public void BeginGeneration()
    {
        lock (writer.Gate)
        {
            Generation last = writer.States.Applied.Generation;
            if (last.TryPin())
            {
                Install([], []);
                last.Unpin();
            }
        }
    }

    /// <summary>Waits until a commit that was applied is visible.</summary>
    public void WaitForPublished(long timestamp)
    {
        lock (writer.Gate)
        {
            Invariant.Check(timestamp <= writer.States.Applied.Timestamp);
            writer.CheckRunning();
            while (writer.States.Published.Timestamp < timestamp)
            {
                writer.WriteSoon();
                Monitor.Wait(writer.Gate);
                writer.CheckRunning();
            }
        }
    }

    /// <summary>Gives a freeze up; the frozen parts stay for the next freeze.</summary>
    public void Abandon(FrozenState state)
    {
        lock (writer.Gate)
        {
            EndRecording(state);
        }
    }

    private static void EndRecording(FrozenState state)
    {
        foreach (RowPart part in state.Tables.SelectMany(static table => table.Parts))
        {
            part.EndRecording();
        }
    }

    private static void CarryEnds(TableSwitch change)
    {
        foreach (RowPart part in change.Frozen.Parts)
        {
            foreach (RowEnd end in part.RecordedEnds)
            {
                RowPart? target = change.Parts.FirstOrDefault(
                    other => end.RowId >= other.FirstRowId && end.RowId < other.EndRowId);
                Invariant.Check(target is not null);
                if (!ReferenceEquals(target, part))
                {
                    target!.End(end.RowId, end.Timestamp);
                }
            }
        }
    }

    private void Install(
        Dictionary<VersionedTable, TableLayout> layouts, IReadOnlyList<VersionedTable> dropped)
    {
        Generation old = writer.States.Applied.Generation;
        var replaced = layouts.ToDictionary(
            static pair => pair.Key, static pair => pair.Key.Layout);
        foreach (VersionedTable table in dropped)
        {
            replaced.TryAdd(table, table.Layout);
        }

        Generation next = old.Supersede(replaced);
        foreach ((VersionedTable table, TableLayout layout) in layouts)
        {
            table.Install(layout);
        }

        Show(old, next);
    }

    private void Show(Generation old, Generation next)
    {
        writer.States.Applied = writer.States.Applied with { Generation = next };
        writer.States.PublishGeneration();
        old.Unpin();
    }
}
