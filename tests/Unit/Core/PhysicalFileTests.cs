namespace NeuroDb.Tests.Unit;

public sealed class PhysicalFileTests : IDisposable
{
    private const int Block = DirectFile.AlignmentBytes;
    private const int FileBlocks = 1024;

    private readonly string _path = Path.Combine(
        Path.GetTempPath(), $"neurostore-file-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Aligned_and_other_writes_of_any_order_give_the_same_bytes(bool writeThrough)
    {
        var files = new PhysicalFileSystem();
        files.Open(_path, FileOpenKind.Create).Dispose();
        var random = new Random(writeThrough ? 5 : 6);
        Memory<byte> memory = PinnedMemory.Allocate<byte>(256 * Block);
        random.NextBytes(memory.Span);
        byte[] expected = new byte[FileBlocks * Block];
        using (IFile file = files.Open(_path, FileOpenKind.Write, writeThrough))
        {
            file.SetLength(expected.Length);
            for (int i = 0; i < 60; i++)
            {
                bool isAligned = random.Next(3) > 0;
                int count = isAligned ? Block * random.Next(1, 129) : random.Next(1, 128 * Block);
                int from = isAligned ? Block * random.Next(128) : random.Next(128 * Block);
                long to = isAligned
                    ? (long)Block * random.Next(FileBlocks - 128)
                    : random.Next((FileBlocks - 128) * Block);
                ReadOnlySpan<byte> data = memory.Span.Slice(from, count);
                data.CopyTo(expected.AsSpan((int)to));
                file.Write(to, data);
                byte[] read = new byte[count];
                Assert.Equal(count, file.Read(to, read));
                Assert.True(data.SequenceEqual(read), $"write {i}");
            }

            file.Flush();
        }

        Assert.True(expected.AsSpan().SequenceEqual(File.ReadAllBytes(_path)));
    }

    [Fact]
    public void A_large_write_reaches_a_file_that_has_got_another_name()
    {
        var files = new PhysicalFileSystem();
        string before = _path + ".new";
        Memory<byte> memory = PinnedMemory.Allocate<byte>(128 * Block);
        memory.Span.Fill(7);
        using (IFile file = files.Open(before, FileOpenKind.Create))
        {
            files.Move(before, _path);
            file.Write(0, memory.Span);
        }

        Assert.False(File.Exists(before));
        Assert.True(memory.Span.SequenceEqual(File.ReadAllBytes(_path)));
    }

    [Fact]
    public void Large_pinned_memory_starts_on_a_page_and_small_memory_on_a_line()
    {
        Assert.True(DirectFile.IsAligned(Block, PinnedMemory.Allocate<byte>(16 * Block).Span));
        Assert.False(DirectFile.IsAligned(1, PinnedMemory.Allocate<byte>(16 * Block).Span));
        Assert.False(DirectFile.IsAligned(
            0, PinnedMemory.Allocate<byte>(16 * Block).Span[1..]));
        unsafe
        {
            fixed (float* small = PinnedMemory.Allocate<float>(3).Span)
            {
                Assert.Equal(0, (long)small % 64);
            }
        }
    }
}
