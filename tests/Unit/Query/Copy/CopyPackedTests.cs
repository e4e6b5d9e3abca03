using System.IO.Compression;
using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>COPY reads packed text files as what they hold.</summary>
public sealed class CopyPackedTests
{
    [Theory]
    [InlineData("rows.csv.gz", "1,one\n2,two\n", "")]
    [InlineData("rows.tsv.gz", "1\tone\n2\ttwo\n", "")]
    [InlineData(
        "rows.jsonl.gz",
        "{\"id\": 1, \"s\": \"one\"}\n{\"id\": 2, \"s\": \"two\"}\n",
        "")]
    [InlineData("rows", "1;one\n2;two", "WITH (FORMAT csv, DELIMITER ';')")]
    public void A_packed_file_is_read_as_its_content(string name, string text, string options)
    {
        using var fixture = new CopyFixture("CREATE TABLE t (id INTEGER, s TEXT)");
        string path = fixture.Write(name, Pack(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(2, fixture.Session.Execute($"COPY t FROM '{path}' {options}"));
        Assert.Equal(
            ["1|one", "2|two"], fixture.Rows("SELECT CAST(id AS TEXT), s FROM t ORDER BY id"));
    }

    [Fact]
    public void A_packed_file_larger_than_the_buffer_is_read_to_its_end()
    {
        const int Rows = 100_000;
        using var fixture = new CopyFixture("CREATE TABLE t (id INTEGER, s TEXT)");
        var text = new StringBuilder();
        for (int i = 0; i < Rows; i++)
        {
            text.Append(i).Append(",a text of some words\n");
        }

        string path = fixture.Write("rows.csv.gz", Pack(Encoding.UTF8.GetBytes(text.ToString())));
        Assert.Equal(Rows, fixture.Session.Execute($"COPY t FROM '{path}'"));
        Assert.Equal(
            ["100000 99999 4999950000"],
            fixture.Rows("SELECT count(*) || ' ' || max(id) || ' ' || sum(id) FROM t"));
    }

    [Fact]
    public void A_packed_file_that_ends_too_early_loads_nothing()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (id INTEGER, s TEXT)");
        byte[] packed = Pack(Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Range(0, 5000).Select(static i => $"{i * 7919 % 977},x\n"))));
        string path = fixture.Write("rows.csv.gz", packed[..(packed.Length / 2)]);
        NeuroStoreException error = Assert.Throws<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY t FROM '{path}'"));
        Assert.Equal(ErrorCode.MalformedFile, error.Code);
        Assert.Equal(["0"], fixture.Rows("SELECT CAST(count(*) AS TEXT) FROM t"));
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
