using System.Buffers.Binary;
using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>COPY of tensors of safetensors files.</summary>
public sealed class CopySafetensorsTests
{
    private const string Header = """
        {"__metadata__":{"format":"pt"},
        "words":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},
        "short":{"dtype":"BF16","shape":[2],"data_offsets":[24,28]}}
        """;

    private static readonly byte[] Data =
        [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes((float)i)),
            0x80, 0x3F, 0x40, 0xC0];

    [Fact]
    public void A_matrix_becomes_rows_of_vectors_and_a_vector_rows_of_numbers()
    {
        using var fixture = new CopyFixture("CREATE TABLE v (id BIGINT, w VECTOR(3))");
        string file = fixture.Write("m.safetensors", File(Header));
        Assert.Equal(2, fixture.Session.Execute($"COPY v FROM '{file}' (TENSOR 'words')"));
        Assert.Equal(
            ["0|[1,2,3]", "1|[4,5,6]"],
            fixture.Rows("SELECT CAST(id AS TEXT), CAST(w AS TEXT) FROM v ORDER BY id"));
        fixture.Session.Execute("CREATE TABLE n (x DOUBLE PRECISION)");
        Assert.Equal(2, fixture.Session.Execute(
            $"COPY n FROM '{file}' (FORMAT safetensors, TENSOR 'short')"));
        Assert.Equal(
            ["1", "-3"], fixture.Rows("SELECT CAST(CAST(x AS INTEGER) AS TEXT) FROM n"));
    }

    [Theory]
    [InlineData("\"data_offsets\":[0,24]", "\"data_offsets\":[0,25]")]
    [InlineData("\"data_offsets\":[0,24]", "\"data_offsets\":[8,32]")]
    [InlineData("\"data_offsets\":[0,24]", "\"data_offsets\":[-24,0]")]
    [InlineData("\"shape\":[2,3]", "\"shape\":[9223372036854775807,3]")]
    [InlineData("\"shape\":[2,3]", "\"shape\":[2,3,1]")]
    [InlineData("\"shape\":[2,3]", "\"shape\":[-2,-3]")]
    [InlineData("\"shape\":[2,3]", "\"shape\":2")]
    [InlineData("\"dtype\":\"F32\"", "\"dtype\":\"C64\"")]
    [InlineData("\"dtype\":\"F32\",", "")]
    [InlineData("words", "other")]
    [InlineData("short", "words")]
    public void A_header_that_lies_is_refused(string from, string to)
    {
        using var fixture = new CopyFixture("CREATE TABLE v (w VECTOR(3))");
        string file = fixture.Write(
            "m.safetensors", File(Header.Replace(from, to, StringComparison.Ordinal)));
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY v FROM '{file}' (TENSOR 'words')"));
        Assert.Equal(ErrorCode.MalformedFile, error.Code);
    }

    [Fact]
    public void A_file_that_is_cut_or_none_is_refused_and_a_name_asked_for()
    {
        using var fixture = new CopyFixture("CREATE TABLE v (w VECTOR(3))");
        byte[] whole = File(Header);
        foreach (byte[] bytes in (byte[][])
            [[], whole[..7], whole[..20], whole[..^20], [.. new byte[7], 0x7F, .. whole[8..]]])
        {
            string file = fixture.Write("m.safetensors", bytes);
            Assert.ThrowsAny<NeuroStoreException>(
                () => fixture.Session.Execute($"COPY v FROM '{file}' (TENSOR 'words')"));
        }

        string all = fixture.Write("n.safetensors", whole);
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY v FROM '{all}'"));
        Assert.Contains("words, short", error.Message, StringComparison.Ordinal);
    }

    private static byte[] File(string header)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. Data];
    }
}
