using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>COPY of .npy, fvecs, ivecs and bvecs files.</summary>
public sealed class CopyVectorTests
{
    private const string Schema = "CREATE TABLE t (id BIGINT PRIMARY KEY, v VECTOR(3))";
    private const string All = "SELECT CAST(id AS TEXT), CAST(v AS TEXT) FROM t";
    private static readonly string[] Expected = ["5|[1,2,3]", "6|[4,5,6]"];

    public static TheoryData<string, byte[], bool> Arrays => new()
    {
        { "<f4", Bytes<float>(1, 2, 3, 4, 5, 6), false },
        { "<f8", Bytes<double>(1, 2, 3, 4, 5, 6), false },
        { "<f2", Bytes((Half)1, (Half)2, (Half)3, (Half)4, (Half)5, (Half)6), false },
        { "|i1", Bytes<sbyte>(1, 2, 3, 4, 5, 6), false },
        { "|u1", Bytes<byte>(1, 2, 3, 4, 5, 6), false },
        { "<i2", Bytes<short>(1, 2, 3, 4, 5, 6), false },
        { "<i4", Bytes<int>(1, 2, 3, 4, 5, 6), false },
        { "<i8", Bytes<long>(1, 2, 3, 4, 5, 6), false },
        { "<f4", Bytes<float>(1, 4, 2, 5, 3, 6), true },
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public void NumPy_arrays_of_every_element_type_fill_vectors(
        string type, byte[] data, bool isFortran)
    {
        foreach (int version in (int[])[1, 2, 3])
        {
            using var fixture = new CopyFixture(Schema);
            string path = fixture.Write("a.npy", Npy(type, "(2, 3)", data, isFortran, version));
            fixture.Session.Execute($"COPY t FROM '{path}' WITH (FIRST_ID 5)");
            Assert.Equal(Expected, fixture.Rows(All));
        }
    }

    [Theory]
    [InlineData("HALFVEC(3)", "<f2")]
    [InlineData("INT8VEC(3)", "|i1")]
    [InlineData("BITVEC(3)", "|u1")]
    public void NumPy_arrays_fill_and_leave_vectors_of_every_type(string column, string type)
    {
        byte[] data = type == "<f2"
            ? Bytes((Half)1, (Half)0, (Half)1, (Half)0, (Half)1, (Half)1)
            : [1, 0, 1, 0, 1, 1];
        using var fixture = new CopyFixture($"CREATE TABLE t (id BIGINT PRIMARY KEY, v {column})");
        string path = fixture.Write("a.npy", Npy(type, "(2, 3)", data, false, 1));
        fixture.Session.Execute($"COPY t FROM '{path}' WITH (FIRST_ID 5)");
        Assert.Equal(
            column.StartsWith('B') ? ["5|101", "6|011"] : ["5|[1,0,1]", "6|[0,1,1]"],
            fixture.Rows(All));
        string copy = Path.Combine(Path.GetDirectoryName(path)!, "b.npy");
        fixture.Session.Execute($"COPY t (v) TO '{copy}'");
        fixture.Session.Execute($"CREATE TABLE u (v {column})");
        fixture.Session.Execute($"COPY u FROM '{copy}'");
        Assert.Equal(2, fixture.Rows("SELECT CAST(u.v AS TEXT) FROM u, t WHERE u.v = t.v").Length);
    }

    [Fact]
    public void Unsigned_bytes_are_eight_bits_each_where_the_column_is_that_long()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (v BITVEC(10))");
        string path = fixture.Write("a.npy", Npy("|u1", "(1, 2)", [5, 2], false, 1));
        Assert.Equal(
            ErrorCode.DimensionMismatch,
            Assert.ThrowsAny<NeuroStoreException>(
                () => fixture.Session.Execute($"COPY t FROM '{path}'")).Code);
        fixture.Session.Execute("CREATE TABLE u (v BITVEC(16))");
        fixture.Session.Execute($"COPY u FROM '{path}'");
        Assert.Equal(
            ["1010000001000000"], fixture.Rows("SELECT CAST(v AS TEXT) FROM u"));
    }

    [Fact]
    public void A_NumPy_array_of_one_dimension_fills_a_column_of_numbers()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (n INTEGER, s TEXT)");
        string path = fixture.Write("a.npy", Npy("<i8", "(2,)", Bytes<long>(7, -8), false, 1));
        fixture.Session.Execute($"COPY t (n) FROM '{path}'");
        Assert.Equal(["7", "-8"], fixture.Rows("SELECT CAST(n AS TEXT) FROM t"));
    }

    [Fact]
    public void Files_of_vectors_fill_vectors()
    {
        using var fixture = new CopyFixture(Schema);
        byte[] three = Bytes(3);
        Load("a.fvecs", [.. three, .. Bytes<float>(1, 2, 3), .. three, .. Bytes<float>(4, 5, 6)]);
        Load("a.ivecs", [.. three, .. Bytes(1, 2, 3), .. three, .. Bytes(4, 5, 6)]);
        Load("a.bvecs", [.. three, 1, 2, 3, .. three, 4, 5, 6]);

        void Load(string name, byte[] bytes)
        {
            fixture.Session.Execute("DELETE FROM t");
            fixture.Session.Execute(
                $"COPY t FROM '{fixture.Write(name, bytes)}' WITH (FIRST_ID 5)");
            Assert.Equal(Expected, fixture.Rows(All));
        }
    }

    [Fact]
    public void A_file_that_lies_about_itself_is_refused()
    {
        using var fixture = new CopyFixture(Schema);
        byte[] row = [.. Bytes(3), .. Bytes<float>(1, 2, 3)];
        Refuse("a.fvecs", [.. row, 1]);
        Refuse("a.fvecs", [1, 0]);
        Refuse("a.fvecs", Bytes(-1, 2));
        Refuse("a.fvecs", Bytes(int.MaxValue, 2));
        Refuse("a.fvecs", [.. row, .. Bytes(2), .. Bytes<float>(1, 2, 3)]);
        Refuse("a.npy", Npy("<f4", "(9223372036854775807, 3)", row, false, 1));
        Refuse("a.npy", Npy("<f4", "(-1, 3)", row, false, 1));
        Refuse("a.npy", Npy("<f4", "(1, 2, 2)", row, false, 1));
        Refuse("a.npy", Npy("|O", "(1, 4)", row, false, 1));
        Refuse("a.npy", Npy(">f4", "(1, 4)", row, false, 1));
        Refuse("a.npy", Npy("<f4", "(1, 4)", row, false, 9));
        Refuse("a.npy", []);
        Refuse("a.npy", Npy("<f4", "(1, 4)", row, false, 2)[..14]);

        void Refuse(string name, byte[] bytes)
        {
            NeuroStoreException error = Assert.Throws<NeuroStoreException>(
                () => fixture.Session.CopyFrom("t", fixture.Write(name, bytes)));
            Assert.Equal(ErrorCode.MalformedFile, error.Code);
        }
    }

    [Fact]
    public void Another_dimension_or_a_number_that_is_not_finite_is_an_error()
    {
        using var fixture = new CopyFixture(Schema);
        string two = fixture.Write("a.fvecs", [.. Bytes(2), .. Bytes<float>(1, 2)]);
        Assert.Equal(
            ErrorCode.DimensionMismatch,
            Assert.Throws<NeuroStoreException>(
                () => fixture.Session.CopyFrom("t", two)).Code);
        string bad = fixture.Write("b.fvecs", [.. Bytes(3), .. Bytes(1, 2, float.NaN)]);
        Assert.Equal(
            ErrorCode.NonFiniteVector,
            Assert.Throws<NeuroStoreException>(
                () => fixture.Session.CopyFrom("t", bad)).Code);
    }

    [Theory]
    [InlineData("out.fvecs")]
    [InlineData("out.npy")]
    public void Vectors_that_are_written_read_back(string name)
    {
        using var fixture = new CopyFixture(Schema);
        fixture.Session.Execute("INSERT INTO t VALUES (5, '[1,2,3]'), (6, '[4,5,6]')");
        string path = fixture.Path(name);
        fixture.Session.Execute($"COPY t (v) TO '{path}'");
        fixture.Session.Execute("DELETE FROM t");
        fixture.Session.Execute($"COPY t FROM '{path}' WITH (FIRST_ID 5)");
        Assert.Equal(Expected, fixture.Rows(All));
        fixture.Session.Execute("INSERT INTO t VALUES (7, NULL)");
        byte[] before = File.ReadAllBytes(path);
        Assert.Throws<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY t (v) TO '{path}'"));
        Assert.Equal(before, File.ReadAllBytes(path));
    }

    private static byte[] Bytes<T>(params ReadOnlySpan<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    private static byte[] Npy(
        string type, string shape, byte[] data, bool isFortran, int version)
    {
        byte[] header = Encoding.ASCII.GetBytes(
            $"{{'descr': '{type}', 'fortran_order': {isFortran}, 'shape': {shape}, }}\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, header.Length);
        }

        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. header, .. data];
    }
}
