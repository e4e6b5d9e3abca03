using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// One reading of every byte that counts of an open database, page by page, so that it may stop
/// after each: SUPER, the manifest, segments and delete-files, the log. A file that a checkpoint
/// replaces meanwhile is passed over. Damage becomes an alert, and the pass goes on behind it.
/// </summary>
/// <param name="files">The disk.</param>
/// <param name="directory">The directory.</param>
/// <param name="checkpointer">Knows which manifest counts.</param>
/// <param name="log">The log.</param>
/// <param name="store">The segments, of which the log may name some.</param>
/// <param name="alerts">Takes what is found.</param>
internal sealed class ScrubPass(
    IFileSystem files,
    DatabaseDirectory directory,
    Checkpointer checkpointer,
    RecordLog log,
    SegmentStore store,
    AlertList alerts)
{
    private readonly BufferManager _buffers = new(0);

    /// <summary>The bytes of each step.</summary>
    public IEnumerable<long> Run(CancellationToken cancellation)
    {
        Look(directory.VerifySuper);
        yield return 2 * SuperBlock.SlotSizeBytes;
        Manifest? manifest = checkpointer.Manifest;
        if (manifest is not null)
        {
            yield return VerifyManifest(manifest);
        }

        foreach (ManifestTable table in manifest?.Tables ?? [])
        {
            foreach (ManifestPart part in table.Parts)
            {
                foreach (long bytes in VerifyPart(table, part))
                {
                    yield return bytes;
                }
            }
        }

        long before = log.CommittedEnd.Address - directory.Super.LogStart.Address;
        var verifier = new OpenVerifier(files, directory, log, store);
        Look(findings => verifier.VerifyLog(findings, cancellation));
        yield return before;
    }

    private IEnumerable<long> VerifyPart(ManifestTable table, ManifestPart part)
    {
        SegmentFile? file = null;
        LookAt(part, findings => findings.Try(
            table.Schema.Name, () => file = Open(table, part)));
        yield return 2 * SegmentFormat.BlockSizeBytes;
        if (file is null)
        {
            yield break;
        }

        using (file)
        {
            LookAt(part, findings =>
            {
                findings.Try(table.Schema.Name, file.VerifyTails);
                findings.Try(table.Schema.Name, () => store.ReadDeletes(part));
            });
            int last = file.Directory.Extents.Length - 1;
            yield return part.Deletes.Length + file.LengthBytes
                - file.Directory.Extents[last].Offset - file.Pages.PaddedLengthOf(last);
            for (int extent = 0; extent < file.Directory.Extents.Length; extent++)
            {
                for (int page = 0; page < file.Pages.PageCountOf(extent); page++)
                {
                    yield return VerifyPage(table, part, file, extent, page);
                }
            }
        }
    }

    private long VerifyPage(
        ManifestTable table, ManifestPart part, SegmentFile file, int extent, int page)
    {
        int length = (int)file.Pages.LengthOf(extent, page, 1);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            LookAt(part, findings => findings.Try(
                table.Schema.Name,
                () => file.Pages.Read(extent, page, 1, buffer.AsSpan(0, length))));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return length;
    }

    private long VerifyManifest(Manifest manifest)
    {
        SuperBlock super = directory.Super;
        if (super.Manifest.Number != manifest.Number)
        {
            return 0;
        }

        var findings = new FindingList();
        findings.Try(string.Empty, () => Manifest.Read(
            files,
            directory.Files.ManifestPath(manifest.Number),
            super.DatabaseId,
            super.Manifest,
            directory.Keys));
        if (directory.Super.Manifest == super.Manifest)
        {
            Report(findings);
        }

        return super.Manifest.Length;
    }

    private SegmentFile? Open(ManifestTable table, ManifestPart part)
    {
        var identity = new SegmentIdentity(
            directory.Super.DatabaseId, table.Id, part.SegmentId);
        return IsNamed(part)
            ? SegmentFile.Open(
                files,
                directory.Files.SegmentPath(part.SegmentId),
                identity,
                table.Schema,
                PageGuard.Of(directory.Keys, identity),
                new SegmentInfo(part.FileLength, part.FooterCrc, part.RowCount),
                _buffers)
            : null;
    }

    private bool IsNamed(ManifestPart part) => checkpointer.Manifest?.Tables
        .Any(table => table.Parts.Any(now => now.SegmentId == part.SegmentId
            && now.DeleteNumber == part.DeleteNumber)) == true;

    private void Look(Action<FindingList> look)
    {
        var findings = new FindingList();
        look(findings);
        Report(findings);
    }

    // What a checkpoint has replaced may be gone, and is no finding.
    private void LookAt(ManifestPart part, Action<FindingList> look)
    {
        var findings = new FindingList();
        look(findings);
        if (findings.Count > 0 && IsNamed(part))
        {
            Report(findings);
        }
    }

    private void Report(FindingList findings)
    {
        foreach (IntegrityFinding finding in findings.ToList())
        {
            alerts.Add(finding);
        }
    }
}
