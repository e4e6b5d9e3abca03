namespace NeuroDb.Tests.Simulation;

/// <summary>
/// The bytes of a file in pages that copies share until one of them writes: copying a file costs
/// its page table, so that thousands of disks can be made of one. A page that is null is zeros.
/// Not safe for several threads; copies may live on different ones.
/// </summary>
internal sealed class PagedBytes
{
    /// <summary>What is copied when a shared page is written.</summary>
    public const int PageSizeBytes = 4096;

    private static long _lastToken;
    private byte[]?[] _pages = [];
    private long[] _owners = [];
    private long _token = Interlocked.Increment(ref _lastToken);

    /// <summary>The length in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Another file of the same bytes.</summary>
    public PagedBytes Copy()
    {
        var copy = new PagedBytes
        {
            Length = Length,
            _pages = [.. _pages],
            _owners = [.. _owners],
        };

        // From now on neither of the two owns a page that both see.
        _token = Interlocked.Increment(ref _lastToken);
        return copy;
    }

    /// <summary>Whether another file holds the same; fast where they share pages.</summary>
    public bool HasSameBytes(PagedBytes other)
    {
        if (Length != other.Length)
        {
            return false;
        }

        Span<byte> mine = stackalloc byte[PageSizeBytes];
        Span<byte> its = stackalloc byte[PageSizeBytes];
        for (int page = 0; page * (long)PageSizeBytes < Length; page++)
        {
            if (!ReferenceEquals(_pages[page], other._pages[page]))
            {
                int count = Read(page * (long)PageSizeBytes, mine);
                other.Read(page * (long)PageSizeBytes, its);
                if (!mine[..count].SequenceEqual(its[..count]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Reads up to the end of the buffer or of the file.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        int count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        for (int done = 0; done < count;)
        {
            (int page, int within) = Place(offset + done);
            int length = Math.Min(count - done, PageSizeBytes - within);
            Span<byte> target = buffer.Slice(done, length);
            if (_pages[page] is { } bytes)
            {
                bytes.AsSpan(within, length).CopyTo(target);
            }
            else
            {
                target.Clear();
            }

            done += length;
        }

        return count;
    }

    /// <summary>Writes, extending with zeros where needed.</summary>
    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        if (offset + data.Length > Length)
        {
            SetLength(offset + data.Length);
        }

        for (int done = 0; done < data.Length;)
        {
            (int page, int within) = Place(offset + done);
            int length = Math.Min(data.Length - done, PageSizeBytes - within);
            ReadOnlySpan<byte> source = data.Slice(done, length);
            if (_pages[page] is not null || source.ContainsAnyExcept((byte)0))
            {
                source.CopyTo(Own(page).AsSpan(within));
            }

            done += length;
        }
    }

    /// <summary>Cuts or extends with zeros.</summary>
    public void SetLength(long length)
    {
        int pageCount = (int)((length + PageSizeBytes - 1) / PageSizeBytes);
        if (length < Length)
        {
            _pages.AsSpan(pageCount).Clear();
            (int page, int within) = Place(length);
            if (within > 0 && _pages[page] is not null)
            {
                Own(page).AsSpan(within).Clear();
            }
        }
        else if (pageCount > _pages.Length)
        {
            int capacity = Math.Max(pageCount, 2 * _pages.Length);
            Array.Resize(ref _pages, capacity);
            Array.Resize(ref _owners, capacity);
        }

        Length = length;
    }

    private static (int Page, int Within) Place(long offset) =>
        ((int)(offset / PageSizeBytes), (int)(offset % PageSizeBytes));

    private byte[] Own(int page)
    {
        byte[]? bytes = _pages[page];
        if (bytes is null || _owners[page] != _token)
        {
            bytes = bytes is null ? new byte[PageSizeBytes] : [.. bytes];
            _pages[page] = bytes;
            _owners[page] = _token;
        }

        return bytes;
    }
}
