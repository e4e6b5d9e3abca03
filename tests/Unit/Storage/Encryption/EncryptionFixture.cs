using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>Keys and key slots for the tests of encryption; everything is repeatable.</summary>
internal static class EncryptionFixture
{
    /// <summary>The file that errors name.</summary>
    public const string Path = "/db/SUPER";

    /// <summary>The database of the keys.</summary>
    public static readonly Guid DatabaseId = new("6f2c1a52-27a4-4d0e-9a57-0c8d4f5b7e11");

    /// <summary>The data key of <see cref="Ring"/>.</summary>
    public static readonly byte[] DataKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    /// <summary>A key of the user: 32 times the same byte.</summary>
    public static EncryptionKey Key(byte content = 0x42)
    {
        var bytes = new byte[EncryptionKey.SizeBytes];
        bytes.AsSpan().Fill(content);
        return EncryptionKey.FromBytes(bytes);
    }

    /// <summary>The slot of <see cref="DataKey"/> under a key.</summary>
    public static byte[] Slot(EncryptionKey key, ulong seed = 1)
    {
        var slot = new byte[KeySlot.SizeBytes];
        KeySlot.Wrap(slot, key, DatabaseId, DataKey, new SeededRandomSource(seed));
        return slot;
    }

    /// <summary>The keys that hold <see cref="DataKey"/>.</summary>
    public static KeyRing Ring(ulong seed = 5) => KeyRing.Open(
        Slot(Key()), Key(), DatabaseId, new SeededRandomSource(seed), Path)!;

    /// <summary>The data key that a key finds in a slot.</summary>
    public static byte[] Unwrap(byte[] slot, EncryptionKey key, Guid? databaseId = null)
    {
        var dataKey = new byte[GcmCipher.KeySizeBytes];
        KeySlot.Unwrap(slot, key, databaseId ?? DatabaseId, dataKey, Path);
        return dataKey;
    }

    /// <summary>The number of the error that an action raises.</summary>
    public static ErrorCode CodeOf(Action action) =>
        Assert.ThrowsAny<NeuroStoreException>(action).Code;
}
