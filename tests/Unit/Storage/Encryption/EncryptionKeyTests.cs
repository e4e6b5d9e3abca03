using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

public sealed class EncryptionKeyTests
{
    [Fact]
    public void Keys_are_equal_by_their_secret()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        using EncryptionKey same = EncryptionFixture.Key();
        using EncryptionKey other = EncryptionFixture.Key(0x43);
        using EncryptionKey text = EncryptionKey.FromPassword(new string('B', 32));
        Assert.Equal(key, same);
        Assert.Equal(key.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(key, other);
        Assert.NotEqual(key, text);
        using EncryptionKey copy = key.Copy();
        key.Dispose();
        Assert.Equal(same, copy);
        Assert.NotEqual(key, copy);
    }

    [Fact]
    public void A_disposed_key_is_of_no_use()
    {
        EncryptionKey key = EncryptionFixture.Key();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Copy());
        Assert.Throws<ObjectDisposedException>(
            () => key.Stretch([], 0, new byte[EncryptionKey.SizeBytes]));
    }

    [Fact]
    public void Nothing_prints_the_secret()
    {
        using EncryptionKey key = EncryptionKey.FromPassword("open sesame");
        var options = new NeuroStoreOptions { EncryptionKey = key };
        Assert.DoesNotContain("sesame", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unfit_secrets_are_refused_at_once()
    {
        Assert.Throws<ArgumentException>(() => EncryptionKey.FromBytes(new byte[16]));
        Assert.Throws<ArgumentException>(() => EncryptionKey.FromPassword(""));
        Assert.ThrowsAny<ArgumentException>(() => EncryptionKey.FromPassword("\ud800"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => EncryptionKey.FromPassword("secret", 10_000));
    }

    [Fact]
    public void A_secret_in_memory_is_overwritten_on_disposal()
    {
        var secret = new SecretBytes(32);
        Span<byte> bytes = secret.Span;
        bytes.Fill(7);
        secret.Dispose();
        Assert.False(bytes.ContainsAnyExcept((byte)0));
        Assert.Throws<ObjectDisposedException>(() => secret.Span.Length);
    }
}
