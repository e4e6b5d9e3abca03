using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Pages and small files open in their own place only, and as they were written.</summary>
public sealed class SealingTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];

    [Fact]
    public void A_page_opens_in_its_place_only()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using PageGuard guard = Segment(keys, 7);
        var salt = new byte[PageGuard.SaltSizeBytes];
        guard.Start(salt);
        var seal = new byte[guard.SealSizeBytes];
        byte[] page = [.. Content];
        guard.Seal(3, page, seal);
        Assert.Equal(-1, page.AsSpan().IndexOf(Content.AsSpan(0, 4)));

        Assert.True(Opens(Segment(keys, 7), salt, 3, page, seal));
        Assert.False(Opens(Segment(keys, 7), salt, 4, page, seal));
        Assert.False(Opens(Segment(keys, 8), salt, 3, page, seal));
        Assert.False(Opens(new GcmPageGuard(keys, FileKind.Spill, 7), salt, 3, page, seal));
        Assert.False(Opens(Segment(keys, 7), new byte[salt.Length], 3, page, seal));
        using KeyRing others = KeyRing.Create(
            EncryptionFixture.DatabaseId, new SeededRandomSource(99));
        Assert.False(Opens(Segment(others, 7), salt, 3, page, seal));
    }

    [Fact]
    public void A_segment_written_again_under_its_number_shares_no_key()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        byte[][] pages = [[.. Content], [.. Content]];
        foreach (byte[] page in pages)
        {
            using PageGuard guard = Segment(keys, 7);
            guard.Start(new byte[PageGuard.SaltSizeBytes]);
            guard.Seal(0, page, new byte[guard.SealSizeBytes]);
        }

        Assert.NotEqual(pages[0], pages[1]);
    }

    [Fact]
    public void Every_bit_of_a_page_and_its_seal_counts()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using PageGuard guard = Segment(keys, 7);
        guard.Start(new byte[PageGuard.SaltSizeBytes]);
        var seal = new byte[guard.SealSizeBytes];
        byte[] page = [.. Content];
        guard.Seal(3, page, seal);
        for (int bit = 0; bit < (page.Length + seal.Length) * 8; bit++)
        {
            byte[] damagedPage = [.. page];
            byte[] damagedSeal = [.. seal];
            int at = bit / 8;
            (at < page.Length ? damagedPage : damagedSeal)[at % page.Length]
                ^= (byte)(1 << (bit % 8));
            Assert.False(guard.TryOpen(3, damagedPage, damagedSeal));
        }

        Assert.True(guard.TryOpen(3, page, seal));
        Assert.Equal(Content, page);
    }

    [Fact]
    public void Threads_share_a_guard()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using PageGuard guard = Segment(keys, 7);
        guard.Start(new byte[PageGuard.SaltSizeBytes]);
        Parallel.For(0, 2000, number =>
        {
            var seal = new byte[guard.SealSizeBytes];
            byte[] page = [.. Content];
            guard.Seal(number, page, seal);
            Assert.True(guard.TryOpen(number, page, seal));
            Assert.Equal(Content, page);
        });
    }

    [Fact]
    public void A_small_file_opens_in_its_place_only()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        byte[] stored = SealedFile.Seal(keys, FileKind.Manifest, 9, Content);
        Assert.Equal(Content.Length + SealedFile.OverheadBytes, stored.Length);
        Assert.Equal(Content, SealedFile.Open(keys, FileKind.Manifest, 9, stored, "/m"));
        Refused(keys, FileKind.Manifest, 10, stored);
        Refused(keys, FileKind.Deletes, 9, stored);
        Refused(keys, FileKind.Manifest, 9, Content);
        Refused(keys, FileKind.Manifest, 9, []);

        // A forger may write any number into the header; the key follows the place.
        byte[] forged = [.. stored];
        forged[8] = 10;
        Refused(keys, FileKind.Manifest, 10, forged);
    }

    [Fact]
    public void Every_bit_of_a_small_file_counts()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        byte[] stored = SealedFile.Seal(keys, FileKind.Deletes, 9, Content);
        for (int bit = 0; bit < stored.Length * 8; bit++)
        {
            stored[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(keys, FileKind.Deletes, 9, stored);
            stored[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_plain_database_stores_small_files_as_they_are()
    {
        Assert.Same(Content, SealedFile.Seal(null, FileKind.Manifest, 9, Content));
        Assert.Same(Content, SealedFile.Open(null, FileKind.Manifest, 9, Content, "/m"));
        using PageGuard guard = Segment(null, 7);
        var salt = new byte[PageGuard.SaltSizeBytes];
        guard.Start(salt);
        Assert.False(salt.AsSpan().ContainsAnyExcept((byte)0));
        Assert.True(guard.TryResume(salt));
        salt[3] = 1;
        Assert.False(guard.TryResume(salt));
    }

    private static PageGuard Segment(KeyRing? keys, long number) =>
        PageGuard.Of(keys, new SegmentIdentity(EncryptionFixture.DatabaseId, 1, number));

    private static bool Opens(
        PageGuard guard, byte[] salt, long pageNumber, byte[] page, byte[] seal)
    {
        using (guard)
        {
            Assert.True(guard.TryResume(salt));
            byte[] copy = [.. page];
            bool isOpen = guard.TryOpen(pageNumber, copy, seal);
            Assert.Equal(isOpen, Content.AsSpan().SequenceEqual(copy));
            return isOpen;
        }
    }

    private static void Refused(KeyRing keys, FileKind kind, long number, byte[] stored) =>
        Assert.Throws<CorruptionException>(
            () => SealedFile.Open(keys, kind, number, stored, "/m"));
}
