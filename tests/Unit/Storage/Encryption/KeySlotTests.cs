using System.Buffers.Binary;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

public sealed class KeySlotTests
{
    [Fact]
    public void The_right_key_finds_the_data_key()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        Assert.Equal(
            EncryptionFixture.DataKey,
            EncryptionFixture.Unwrap(EncryptionFixture.Slot(key), key));
    }

    [Fact]
    public void A_wrong_key_is_told_from_damage()
    {
        byte[] slot = EncryptionFixture.Slot(EncryptionFixture.Key());
        using EncryptionKey other = EncryptionFixture.Key(0x43);
        using EncryptionKey password = EncryptionKey.FromPassword("BBBB");
        Assert.Equal(
            ErrorCode.WrongKey,
            EncryptionFixture.CodeOf(() => EncryptionFixture.Unwrap(slot, other)));
        Assert.Equal(
            ErrorCode.WrongKey,
            EncryptionFixture.CodeOf(() => EncryptionFixture.Unwrap(slot, password)));
    }

    [Fact]
    public void Every_bit_of_the_slot_counts()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        byte[] slot = EncryptionFixture.Slot(key);
        for (int bit = 0; bit < slot.Length * 8; bit++)
        {
            slot[bit / 8] ^= (byte)(1 << (bit % 8));
            ErrorCode code = EncryptionFixture.CodeOf(() => EncryptionFixture.Unwrap(slot, key));
            Assert.Contains(
                code,
                (ErrorCode[])[ErrorCode.WrongKey, ErrorCode.Corruption, ErrorCode.NewerFormat]);
            slot[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.Equal(EncryptionFixture.DataKey, EncryptionFixture.Unwrap(slot, key));
    }

    [Fact]
    public void The_slot_of_another_database_does_not_open()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        byte[] slot = EncryptionFixture.Slot(key);
        Assert.Equal(
            ErrorCode.WrongKey,
            EncryptionFixture.CodeOf(() => EncryptionFixture.Unwrap(slot, key, Guid.Empty)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(EncryptionKey.IterationCountMax + 1)]
    public void Impossible_rounds_are_damage_and_cost_no_time(int iterationCount)
    {
        using EncryptionKey key = EncryptionKey.FromPassword("password");
        var slot = new byte[KeySlot.SizeBytes];
        slot[0] = 1;
        slot[2] = 2;
        BinaryPrimitives.WriteInt32LittleEndian(slot.AsSpan(4), iterationCount);
        Assert.Equal(
            ErrorCode.Corruption,
            EncryptionFixture.CodeOf(() => EncryptionFixture.Unwrap(slot, key)));
    }

    [Fact]
    public void A_database_and_a_key_must_fit_together()
    {
        using EncryptionKey key = EncryptionFixture.Key();
        var random = new SeededRandomSource(1);
        var plain = new byte[KeySlot.SizeBytes];
        byte[] slot = EncryptionFixture.Slot(key);
        Guid id = EncryptionFixture.DatabaseId;
        const string Path = EncryptionFixture.Path;
        Assert.Null(KeyRing.Open(plain, null, id, random, Path));
        Assert.Equal(
            ErrorCode.NotEncrypted,
            EncryptionFixture.CodeOf(() => KeyRing.Open(plain, key, id, random, Path)));
        Assert.Equal(
            ErrorCode.KeyRequired,
            EncryptionFixture.CodeOf(() => KeyRing.Open(slot, null, id, random, Path)));
    }

    [Fact]
    public void A_new_key_wraps_the_same_data_key_under_a_new_salt()
    {
        using KeyRing keys = EncryptionFixture.Ring();
        using EncryptionKey old = EncryptionFixture.Key();
        using EncryptionKey other = EncryptionFixture.Key(0x43);
        var slot = new byte[KeySlot.SizeBytes];
        keys.Wrap(other, slot);
        Assert.Equal(EncryptionFixture.DataKey, EncryptionFixture.Unwrap(slot, other));
        Assert.Equal(
            ErrorCode.WrongKey,
            EncryptionFixture.CodeOf(() => EncryptionFixture.Unwrap(slot, old)));
        byte[] again = [.. slot];
        keys.Wrap(other, again);
        Assert.NotEqual(slot, again);
    }
}
