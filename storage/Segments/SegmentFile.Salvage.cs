namespace NeuroDb.Storage;

/// <content>Opening a file that may be damaged, and of which nobody knows anything.</content>
internal sealed partial class SegmentFile
{
    /// <summary>
    /// Opens a file by whichever footer and directory of it are whole. What is read by them is
    /// verified as ever, so a read may raise an error.
    /// </summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="keys">The keys of the database, or null in a plain one.</param>
    /// <param name="buffers">Keeps what is read.</param>
    /// <param name="schema">The table as it was when the file was written.</param>
    /// <exception cref="CorruptionException">No footer, or no directory, is whole.</exception>
    public static SegmentFile OpenDamaged(
        IFileSystem files,
        string path,
        KeyRing? keys,
        BufferManager buffers,
        out TableSchema schema)
    {
        if (!files.FileExists(path))
        {
            throw new CorruptionException(path, 0, "this segment is missing");
        }

        IFile file = files.Open(path, FileOpenKind.Read);
        PageGuard? guard = null;
        SegmentFile? segment = null;
        try
        {
            byte[] footer = FindFooter(file);
            SegmentIdentity identity = SegmentBlocks.IdentityOf(footer);
            guard = PageGuard.Of(keys, identity);
            long end = file.Length - SegmentFormat.BlockSizeBytes;
            SegmentBlocks.CheckFooter(footer, identity, guard.SealSizeBytes, path, end);
            SegmentLayout layout = SegmentBlocks.LayoutOf(footer);
            if (!guard.TryResume(SegmentBlocks.FooterSaltOf(footer)))
            {
                throw new CorruptionException(path, end, "the footer has a salt of encryption");
            }

            byte[] seal = SegmentBlocks.DirectorySealOf(footer, guard.SealSizeBytes).ToArray();
            SegmentDirectory directory = FindDirectory(file, guard, layout, seal);
            var reader = new RecordReader(path);
            reader.Start(directory.Schema, "the schema of the segment");
            schema = SchemaCodec.Decode(reader);
            SegmentDirectoryCheck.Check(directory, schema, layout, path);
            segment = new SegmentFile(file, identity, schema, guard, directory, layout, buffers)
            {
                Info = new SegmentInfo(
                    layout.LengthBytes, SegmentBlocks.CrcOf(footer), layout.RowCount),
            };
            return segment;
        }
        finally
        {
            if (segment is null)
            {
                guard?.Dispose();
                file.Dispose();
            }
        }
    }

    // Footers stand at whole blocks from the end, unless the file was cut.
    private static byte[] FindFooter(IFile file)
    {
        var block = new byte[SegmentFormat.BlockSizeBytes];
        for (long at = file.Length - block.Length; at > 0; at -= block.Length)
        {
            if (file.Read(at, block) == block.Length && SegmentBlocks.IsFooter(block))
            {
                return block;
            }
        }

        for (long at = 0; at < file.Length; at += SegmentFormat.ExtentAlignmentBytes)
        {
            if (file.Read(at, block) == block.Length && SegmentBlocks.IsFooter(block))
            {
                return block;
            }
        }

        throw new CorruptionException(
            file.Path, file.Length, "neither footer of the segment is whole");
    }

    private static SegmentDirectory FindDirectory(
        IFile file, PageGuard guard, SegmentLayout layout, byte[] seal)
    {
        try
        {
            return ReadDirectory(file, guard, layout, seal);
        }
        catch (CorruptionException)
        {
            long second = layout.DirectoryLength + SegmentFormat.BlockSizeBytes;
            return ReadDirectory(
                file,
                guard,
                layout with { DirectoryOffset = layout.DirectoryOffset + second },
                seal);
        }
    }
}
