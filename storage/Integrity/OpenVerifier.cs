namespace NeuroDb.Storage;

/// <summary>
/// Verifies an open database while transactions and checkpoints go on: the files as they are on
/// disk, and the rows of one snapshot, whose files are held meanwhile.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="directory">The directory.</param>
/// <param name="log">The log.</param>
/// <param name="store">The segments, of which the log may name some.</param>
internal sealed class OpenVerifier(
    IFileSystem files, DatabaseDirectory directory, RecordLog log, SegmentStore store)
{
    private const int AttemptCount = 5;

    /// <summary>Verifies the files; nothing that counts is removed meanwhile.</summary>
    public void VerifyFiles(
        bool isQuick, FindingList findings, CancellationToken cancellation)
    {
        directory.VerifySuper(findings);
        SuperBlock super = directory.Super;
        var verifier = new FileVerifier(files, directory.Files, super, directory.Keys, findings);
        verifier.Verify(isQuick, cancellation);
        verifier.VerifyInLog(store, isQuick, cancellation);
        VerifyLog(findings, cancellation);
    }

    /// <summary>Verifies the rows that a snapshot sees.</summary>
    public static void VerifyTables(
        EngineState state, FindingList findings, CancellationToken cancellation)
    {
        foreach (TableEntry table in state.Catalog.Tables.OrderBy(static table => table.Id))
        {
            TableVerifier.Verify(
                table,
                state.Generation.LayoutOf(table.Rows),
                state.Timestamp,
                findings,
                cancellation);
        }
    }

    /// <summary>Verifies the log up to its committed end.</summary>
    /// <remarks>
    /// A checkpoint may remove the first files of the log while they are opened; then it has moved
    /// the start on, and the rest is all that counts.
    /// </remarks>
    public void VerifyLog(FindingList findings, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            LogStart start = directory.Super.LogStart;
            LogPosition end = log.CommittedEnd;
            if (end.Lsn == start.Lsn)
            {
                // The log is empty, and may just be going on in a new file.
                end = start.Position;
            }

            try
            {
                using FrameCipher? cipher = directory.Keys is null
                    ? null
                    : new FrameCipher(
                        directory.Keys, LogIdentity.Of(directory.Super.DatabaseId, start));
                LogScanner.Verify(
                    files,
                    directory.LogPath,
                    directory.Super.DatabaseId,
                    start,
                    end,
                    cipher,
                    cancellation);
                return;
            }
            catch (CorruptionException) when (
                attempt < AttemptCount && directory.Super.LogStart != start)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            catch (IOException) when (
                attempt < AttemptCount && directory.Super.LogStart != start)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            catch (CorruptionException damage)
            {
                findings.Add(damage, string.Empty);
                return;
            }
        }
    }
}
