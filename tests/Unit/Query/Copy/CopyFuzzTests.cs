using System.Globalization;
using System.Text;

namespace NeuroDb.Tests.Unit;

/// <summary>Random tables go to a file and back; damaged files never do worse than fail.</summary>
public sealed class CopyFuzzTests
{
    private const string Schema =
        "CREATE TABLE t (i BIGINT, d DOUBLE PRECISION, s TEXT, u TEXT, v VECTOR, b BLOB)";

    private static readonly string[] Parts =
        ["a", "\"", ",", "\n", "\r", "\r\n", "\\", ";", "'", " ", "\t", "\u00e4", "NULL", "|"];

    [Theory]
    [InlineData("FORMAT csv")]
    [InlineData("FORMAT csv, HEADER, FORCE_QUOTE")]
    [InlineData("FORMAT tsv")]
    [InlineData("FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\\', NULL 'NULL'")]
    [InlineData("FORMAT json")]
    public void Random_tables_come_back_as_they_were(string options)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            using var fixture = new CopyFixture(Schema);
            string[] before = Fill(fixture, new Random(seed));
            string path = fixture.Path("out");
            fixture.Session.Execute($"COPY t TO '{path}' WITH ({options})");
            fixture.Session.Execute("DELETE FROM t");
            fixture.Session.Execute($"COPY t FROM '{path}' WITH ({options})");
            Assert.Equal(before, Rows(fixture));
        }
    }

    [Theory]
    [InlineData("FORMAT csv")]
    [InlineData("FORMAT json")]
    [InlineData("FORMAT npy")]
    [InlineData("FORMAT fvecs")]
    public void Damaged_files_load_or_fail_with_typed_errors(string options)
    {
        using var fixture = new CopyFixture(Schema);
        fixture.Session.Execute("CREATE TABLE w (v VECTOR)");
        bool isVectors = options is "FORMAT npy" or "FORMAT fvecs";
        string table = isVectors ? "w" : "t";
        Fill(fixture, new Random(1));
        fixture.Session.Execute("INSERT INTO w VALUES ('[1,2,3]'), ('[4,5,6]'), ('[7,8,9]')");
        string path = fixture.Path("out");
        fixture.Session.Execute($"COPY {table} TO '{path}' WITH ({options})");
        byte[] whole = File.ReadAllBytes(path);
        var random = new Random(2);
        int loaded = 0;
        for (int round = 0; round < 400; round++)
        {
            byte[] bytes = whole[..(round % 4 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (int i = random.Next(4); i >= 0 && bytes.Length > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            fixture.Write("damaged", bytes);
            string onError = round % 2 == 0 ? "stop" : "skip";
            try
            {
                fixture.Session.CopyFrom(
                    table, fixture.Path("damaged"), $"{options}, ON_ERROR {onError}");
                loaded++;
            }
            catch (NeuroStoreException error)
            {
                Assert.NotEqual(ErrorCode.InvariantBroken, error.Code);
            }
        }

        Assert.InRange(loaded, 1, 400);
    }

    [Fact]
    public void Numbers_read_to_the_nearest_value_as_the_platform_reads_them()
    {
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            string text = (i % 4) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64())
                    .ToString("R", CultureInfo.InvariantCulture),
                1 => ((float)(random.NextDouble() * 100))
                    .ToString("R", CultureInfo.InvariantCulture),
                2 => (random.NextInt64() / 1e7m).ToString(CultureInfo.InvariantCulture),
                _ => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{random.Next(-999, 999)}.{random.Next()}e{random.Next(-40, 40)}"),
            };
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            double wide = double.Parse(text, CultureInfo.InvariantCulture);
            float narrow = float.Parse(text, CultureInfo.InvariantCulture);
            Assert.Equal(double.IsFinite(wide), Query.NumberText.TryReadDouble(utf8, out var read));
            Assert.True(!double.IsFinite(wide) || read.Equals(wide), text);
            Assert.Equal(
                float.IsFinite(narrow), Query.NumberText.TryReadSingle(utf8, out float single));
            Assert.True(!float.IsFinite(narrow) || single.Equals(narrow), text);
        }
    }

    private static string[] Fill(CopyFixture fixture, Random random)
    {
        using (Appender appender = fixture.Session.CreateAppender("t"))
        {
            for (int i = 0; i < 100; i++)
            {
                appender.AppendRow(
                    random.Next(5) == 0 ? null : random.NextInt64(long.MinValue, long.MaxValue),
                    random.Next(5) == 0 ? null : random.NextDouble() * Math.Pow(10, i - 50),
                    Text(random),
                    Text(random),
                    random.Next(3) == 0 ? null : new[] { random.NextSingle(), -1e-7f },
                    random.Next(3) == 0 ? null : new[] { (byte)i, (byte)0 });
            }

            appender.Complete();
        }

        return Rows(fixture);
    }

    private static string? Text(Random random)
    {
        int count = random.Next(-1, 6);
        return count < 0 ? null : string.Concat(
            Enumerable.Range(0, count).Select(_ => Parts[random.Next(Parts.Length)]));
    }

    private static string[] Rows(CopyFixture fixture) => fixture.Rows(
        "SELECT CAST(i AS TEXT), CAST(d AS TEXT), s, u, CAST(v AS TEXT), CAST(b AS TEXT) FROM t");
}
