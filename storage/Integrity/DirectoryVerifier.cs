namespace NeuroDb.Storage;

/// <summary>
/// Verifies a database that nobody has open, also one that refuses to be opened: it changes
/// nothing and reports all it finds instead of the first.
/// </summary>
internal static class DirectoryVerifier
{
    /// <summary>Verifies a directory.</summary>
    /// <param name="seams">The machine.</param>
    /// <param name="path">The directory.</param>
    /// <param name="key">The key of the user, or null.</param>
    /// <param name="isQuick">Whether the checksums are enough.</param>
    /// <param name="cancellation">Looked at between pages.</param>
    /// <returns>What is wrong; nothing if all is as it was written.</returns>
    /// <exception cref="NeuroStoreException">
    /// It is no database, is open elsewhere, or the key is not the right one.
    /// </exception>
    public static IReadOnlyList<IntegrityFinding> Verify(
        SystemSeams seams,
        string path,
        EncryptionKey? key,
        bool isQuick,
        CancellationToken cancellation)
    {
        var findings = new FindingList();
        using var directory = DatabaseDirectory.LockDamaged(seams, Path.GetFullPath(path));
        SuperBlock? super = null;
        findings.Try(string.Empty, () => super = directory.InspectSuper(key, findings));
        if (super is not null)
        {
            Verify(seams.Files, directory, super, isQuick, findings, cancellation);
        }

        return findings.ToList();
    }

    private static void Verify(
        IFileSystem files,
        DatabaseDirectory directory,
        SuperBlock super,
        bool isQuick,
        FindingList findings,
        CancellationToken cancellation)
    {
        long before = findings.Count;
        var verifier = new FileVerifier(files, directory.Files, super, directory.Keys, findings);
        Manifest? manifest = verifier.Verify(isQuick, cancellation);
        bool hasTables = findings.Count == before;
        using var store = new SegmentStore(
            files,
            directory.Files,
            super.DatabaseId,
            directory.Keys,
            new BufferManager(StorageOptions.DefaultMemoryBudgetBytes / 2));
        var replay = new TransactionReplay(
            directory.LogPath, super.CheckpointTimestamp, store);
        if (hasTables && manifest is not null)
        {
            replay.Restore(manifest);
        }

        bool isReplayed = findings.Try(
            string.Empty,
            () => ScanLog(files, directory, super, hasTables ? replay : new IgnoredRecords()));
        if (hasTables && isReplayed)
        {
            replay.Complete();
            LargeValueScan.Observe(replay.State, store);
            verifier.VerifyInLog(store, isQuick, cancellation);
        }

        if (hasTables && isReplayed && !isQuick && findings.Count == before)
        {
            VerifyTables(replay.State, findings, cancellation);
        }

        verifier.VerifyIndexes(cancellation);
    }

    private static void ScanLog(
        IFileSystem files, DatabaseDirectory directory, SuperBlock super, IRecordReplay replay)
    {
        using FrameCipher? cipher = directory.Keys is null
            ? null
            : new FrameCipher(
                directory.Keys, LogIdentity.Of(super.DatabaseId, super.LogStart));
        _ = LogScanner.Scan(
            files, directory.LogPath, super.DatabaseId, super.LogStart, replay, cipher);
    }

    private static void VerifyTables(
        EngineState state, FindingList findings, CancellationToken cancellation)
    {
        foreach (TableEntry table in state.Catalog.Tables.OrderBy(static table => table.Id))
        {
            long before = findings.Count;
            long count = TableVerifier.Verify(
                table, table.Rows.Layout, state.Timestamp, findings, cancellation);
            if (findings.Count == before && count != table.Rows.LiveCount)
            {
                findings.Add(
                    string.Empty,
                    -1,
                    table.Schema.Name,
                    $"{count} rows live, but {table.Rows.LiveCount} are counted");
            }
        }
    }
}
