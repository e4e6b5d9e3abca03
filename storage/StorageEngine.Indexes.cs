namespace NeuroDb.Storage;

/// <content>The files of indexes, which are made beside everything else.</content>
internal sealed partial class StorageEngine
{
    private readonly Dictionary<int, LearnedIndex> _stored = [];

    private void UseIndexRuns(bool isReadOnly)
    {
        if (_store is not null)
        {
            _store.IndexRuns = new IndexRunStore(
                _seams.Files, _store, _options.IndexRunRowCountMin, isReadOnly, Alerts);
            _store.ReadSoon = (file, read) =>
                IndexMerges.Schedule(new SegmentReading(file, read));
        }
    }

    // Before segments take the place of rows in memory: of what was looked up in those, commits
    // would have to wait until it is made for the segments.
    private void PrepareIndexes(
        IReadOnlyList<TableSwitch> switches, CancellationToken cancellation)
    {
        foreach (TableSwitch change in switches)
        {
            RowDelta[] deltas = [.. change.Frozen.Parts.OfType<RowDelta>()];
            foreach (SealedRows rows in change.Parts.Except(change.Frozen.Parts)
                .OfType<SealedRows>())
            {
                if (deltas.Length == 0 || cancellation.IsCancellationRequested)
                {
                    break;
                }

                PrepareIndexes(change.Frozen.Table, deltas, rows.File);
            }
        }
    }

    private void PrepareIndexes(TableEntry table, RowDelta[] deltas, SegmentFile file)
    {
        try
        {
            file.PrepareKeys();
            foreach (IndexEntry entry in _writer.States.Published.Catalog.IndexesOf(table))
            {
                if (entry.Structure is LearnedIndex index
                    && deltas.Any(delta => delta.Indexes.Has(index.Id)))
                {
                    file.Indexes.Of(index).Prepare();
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException
            or NeuroStoreException { Code: not ErrorCode.InvariantBroken })
        {
            // The checkpoint is done; who looks for rows by the index finds the same out.
            Alerts.Add(new IntegrityFinding(
                file.Path, -1, table.Schema.Name,
                $"the indexes of a new segment were not prepared: {failure.Message}"));
        }
    }

    // After a checkpoint: in the background where nobody waits for it, else before it returns.
    private void IndexNewSegments(bool isInBackground)
    {
        RemoveDroppedIndexes();
        EngineState state = _writer.States.Published;
        while (!state.Generation.TryPin())
        {
            state = _writer.States.Published;
        }

        try
        {
            foreach (IndexEntry index in state.Catalog.Indexes.OrderBy(
                static index => index.Schema.Id))
            {
                (index.Structure as VectorIndex)?.BeginBuild();
                if (index.Schema.Kind == IndexKind.Learned)
                {
                    StoreRuns(index, state, isInBackground);
                }
            }
        }
        finally
        {
            state.Generation.Unpin();
        }
    }

    private void StoreRuns(IndexEntry entry, EngineState state, bool isInBackground)
    {
        TableEntry? table = state.Catalog.Tables.FirstOrDefault(
            known => known.Id == entry.Schema.TableId);
        Invariant.Check(table is not null);
        var index = LearnedIndex.Of(entry, table);
        lock (_stored)
        {
            _stored[index.Id] = index;
        }

        if (isInBackground)
        {
            IndexBuilds.Schedule(index);
            return;
        }

        try
        {
            index.Store(state.Generation.LayoutOf(table.Rows), CancellationToken.None);
        }
        catch (NeuroStoreException failure) when (failure.Code != ErrorCode.InvariantBroken)
        {
            // The checkpoint is done; who looks for rows by the index finds the same out.
            Alerts.Add(new IntegrityFinding(
                string.Empty, -1, table.Schema.Name,
                $"the index {entry.Schema.Name} was not stored: {failure.Message}"));
        }
    }

    private void RemoveDroppedIndexes()
    {
        HashSet<int> ids = _writer.States.Published.Catalog.IndexIds();
        lock (_stored)
        {
            foreach (LearnedIndex index in _stored.Values.Where(
                index => !ids.Contains(index.Id)).ToArray())
            {
                index.Drop();
                _stored.Remove(index.Id);
            }
        }

        _store?.IndexRuns?.RemoveBut(ids);
    }

    // What stays of indexes is noted, so that it goes with its segment. A segment that only the
    // past keeps is never open and never goes that way: its indexes go now.
    private static void RemoveNeedless(
        SegmentStore store,
        Manifest? manifest,
        CatalogView catalog,
        HashSet<string> needed,
        LogHistory history)
    {
        DatabaseFiles files = store.Names;
        needed.UnionWith(manifest is null ? [] : files.NamedBy(manifest));
        IReadOnlyList<string> indexes = files.IndexesOf(needed, catalog.IndexIds());
        foreach (string path in indexes)
        {
            bool isIndex = DatabaseFiles.IsIndex(path, out long segment, out _);
            Invariant.Check(isIndex);
            store.NoteIndex(segment, path);
        }

        needed.UnionWith(indexes);
        needed.UnionWith(history.Files);
        files.RemoveUnreferenced(needed);
    }
}
