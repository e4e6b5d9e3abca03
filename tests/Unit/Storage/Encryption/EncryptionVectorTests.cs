using System.Text;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Bytes that an independent implementation (Python's hashlib and cryptography) computed from the
/// tables of docs/format.md.
/// </summary>
public sealed class EncryptionVectorTests
{
    private const string BytesSlot =
        "0100010000000000c15c0289ec2d0a9167ec8e65a18debbeb88145c61a3730177916206ed6b1f942"
        + "6b097c238f1801e131e5b38dd66758cd0b67ad2cc6a8493f2b43e2ed2e00251b4cf3d8cb39188bc4"
        + "df074a306ced6f70";

    private const string PasswordSlot =
        "01000200c0270900ce56971cde355897421efc0b1046c8bf5eaa0077c0a04bb83bd45ac8224b456c"
        + "1067c625974b81a55361b6483c60543053c768cb5c9be3415d08cfb25ffc0a9572db76a0d5955577"
        + "a6912c3e38176572";

    private const string SealedNames =
        "5345414c0100040009000000000000005ac389a30c3b0363f83697934d3197c0d8989e7289be27cd"
        + "a27ed85b19994989b5e2160b0d";

    [Theory]
    [InlineData(1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b")]
    [InlineData(4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a")]
    public void A_password_is_stretched_by_pbkdf2(int iterationCount, string expected)
    {
        using EncryptionKey key = EncryptionKey.FromPassword("password");
        var stretched = new byte[EncryptionKey.SizeBytes];
        key.Stretch("salt"u8, iterationCount, stretched);
        Assert.Equal(expected, Convert.ToHexStringLower(stretched));
    }

    [Fact]
    public void A_key_of_bytes_wraps_as_documented()
    {
        byte[] slot = EncryptionFixture.Slot(EncryptionFixture.Key());
        Assert.Equal(BytesSlot, Convert.ToHexStringLower(slot.AsSpan(0, 88)));
        Assert.False(slot.AsSpan(88).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_password_wraps_as_documented()
    {
        using EncryptionKey password = EncryptionKey.FromPassword("correct horse \u00e9");
        byte[] slot = EncryptionFixture.Slot(password, seed: 2);
        Assert.Equal(PasswordSlot, Convert.ToHexStringLower(slot.AsSpan(0, 88)));
        Assert.Equal(EncryptionFixture.DataKey, EncryptionFixture.Unwrap(slot, password));
    }

    [Fact]
    public void A_page_is_encrypted_as_documented()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using var guard = new GcmPageGuard(keys, FileKind.Segment, 7);
        Assert.True(guard.TryResume([.. Enumerable.Range(0, 16).Select(i => (byte)i)]));
        byte[] page = Encoding.ASCII.GetBytes("sixteen or more bytes");
        var seal = new byte[GcmCipher.TagSizeBytes];
        guard.Seal(3, page, seal);
        Assert.Equal(
            "30fb716228c426f53b45521b675692b0a767b603ab", Convert.ToHexStringLower(page));
        Assert.Equal("84a9f5ef25b40f2a8cda42942ea01485", Convert.ToHexStringLower(seal));
    }

    [Fact]
    public void A_small_file_is_sealed_as_documented()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        byte[] stored = SealedFile.Seal(keys, FileKind.Manifest, 9, "names"u8.ToArray());
        Assert.Equal(SealedNames, Convert.ToHexStringLower(stored));
    }

    [Fact]
    public void SUPER_is_authenticated_as_documented()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        var code = new byte[KeyRing.CodeSizeBytes];
        keys.Authenticate("super"u8, code);
        Assert.Equal(
            "155a7d078c22d3dda757ea3c0fa9eeb3167aa0d3b52284909f0648211ee138cc",
            Convert.ToHexStringLower(code));
    }
}
