namespace NeuroDb.Storage;

/// <content>Looking for damage.</content>
internal sealed partial class StorageEngine
{
    /// <summary>What work in the background found or could not do.</summary>
    public AlertList Alerts { get; } = new();

    /// <summary>The scrubs that came to their end.</summary>
    public long ScrubCount => _scrubber?.PassCount ?? 0;

    /// <summary>
    /// Verifies every byte that counts of the files, and that the rows of this moment agree with
    /// their keys; transactions go on.
    /// </summary>
    /// <param name="isQuick">Whether the checksums are enough.</param>
    /// <param name="cancellation">Looked at between pages.</param>
    /// <returns>What is wrong; nothing if all is as it was written.</returns>
    public IReadOnlyList<IntegrityFinding> Verify(bool isQuick, CancellationToken cancellation)
    {
        CheckOpen();
        var findings = new FindingList();
        if (_directory is not null && _checkpoints is not null)
        {
            Invariant.Check(_log is not null);
            using IDisposable hold = _checkpoints.Checkpointer.HoldFiles();
            new OpenVerifier(_files!, _directory, _log, _store!)
                .VerifyFiles(isQuick, findings, cancellation);
        }

        if (!isQuick && findings.Count == 0)
        {
            using StorageTransaction snapshot = Begin();
            OpenVerifier.VerifyTables(snapshot.State, findings, cancellation);
        }

        return findings.ToList();
    }

    private Scrubber? NewScrubber()
    {
        if (_options.ScrubInterval is not TimeSpan interval)
        {
            return null;
        }

        var pass = new ScrubPass(
            _files!, _directory!, _checkpoints!.Checkpointer, _log!, _store!, Alerts);
        return new Scrubber(
            _seams, interval, _options.ScrubBytesPerSecond, Alerts, pass.Run);
    }
}
