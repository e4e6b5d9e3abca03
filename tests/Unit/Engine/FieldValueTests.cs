using System.Data.Common;
using System.Text.Json;
using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Every .NET type that a field is read as, through ADO.NET.</summary>
public sealed class FieldValueTests
{
    private static readonly Guid Key = Guid.Parse("33221100-5544-7766-9988-aabbccddeeff");

    [Fact]
    public void A_field_is_read_as_each_type_that_fits_it()
    {
        using var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        Same(connection, "CAST(7 AS INTEGER)", 7, 7L, (short)7, 7u, 7ul, DayOfWeek.Sunday + 7);
        Same(connection, "CAST(7 AS BIGINT)", 7L, (int?)7);
        Same(connection, "CAST(-7 AS TINYINT)", (sbyte)-7, -7, -7L);
        Same(connection, "CAST(7 AS UTINYINT)", (byte)7, 7, 7u, (byte?)7);
        Same(connection, "CAST(65535 AS USMALLINT)", (ushort)65535, 65535);
        Same(connection, "CAST(4294967295 AS UINTEGER)", uint.MaxValue, 4294967295L);
        Same(connection, "CAST('18446744073709551615' AS UBIGINT)",
            ulong.MaxValue, 18446744073709551615m);
        Same(connection, "CAST(1.5 AS MONEY)", 1.5m);
        Same(connection, "CAST(1.5 AS REAL)", 1.5f, 1.5d);
        Same(connection, "CAST(1.5 AS DOUBLE PRECISION)", 1.5d);
        Same(connection, "CAST(1.50 AS DECIMAL(5, 2))", 1.50m, 1.5d, (decimal?)1.5m);
        Same(connection, "TRUE", true, (bool?)true);
        Same(connection, "'x'", "x", 'x');
        Same(connection, "CAST('2024-02-29' AS DATE)",
            new DateOnly(2024, 2, 29), new DateTime(2024, 2, 29), (DateOnly?)new(2024, 2, 29));
        Same(connection, "CAST('2024-02-29 13:14:15.5' AS TIMESTAMP)",
            new DateTime(2024, 2, 29, 13, 14, 15, 500),
            new TimeOnly(13, 14, 15, 500),
            new DateTimeOffset(2024, 2, 29, 13, 14, 15, 500, TimeSpan.Zero));
        Same(connection, "'13:14:15.25'", new TimeOnly(13, 14, 15, 250));
        Same(connection, "TIME '13:14:15.25'",
            new TimeSpan(0, 13, 14, 15, 250), new TimeOnly(13, 14, 15, 250));
        Same(connection, $"CAST('{Key}' AS UUID)", Key, (Guid?)Key);
        Assert.Equal([1, 2], Get<byte[]>(connection, "X'0102'"));
        Assert.Equal([1, 2], Get<ReadOnlyMemory<byte>>(connection, "X'0102'").ToArray());
        Assert.Equal([1.5f, 2], Get<float[]>(connection, "CAST('[1.5,2]' AS VECTOR(2))"));
        Assert.Equal(
            [1.5f, 2],
            Get<ReadOnlyMemory<float>>(connection, "CAST('[1.5,2]' AS VECTOR(2))").ToArray());
        Assert.Equal(2, Get<Stream>(connection, "X'0102'").Length);
        Assert.Equal("text", Get<TextReader>(connection, "'text'").ReadToEnd());
        Assert.Equal(
            3, Get<JsonDocument>(connection, "CAST('{\"a\":3}' AS JSON)")
                .RootElement.GetProperty("a").GetInt32());
        Assert.Equal(DBNull.Value, Get<DBNull>(connection, "NULL"));
        Assert.Null(Get<int?>(connection, "CAST(NULL AS INTEGER)"));
        Assert.Throws<InvalidCastException>(() => Get<int>(connection, "'7'"));
        Assert.Throws<InvalidCastException>(() => Get<TimeOnly>(connection, "'noon'"));
        Assert.Throws<InvalidCastException>(() => Get<Guid>(connection, "CAST(NULL AS UUID)"));
        Assert.Throws<OverflowException>(() => Get<short>(connection, "70000"));
        Assert.Throws<OverflowException>(
            () => Get<long>(connection, "CAST('18446744073709551615' AS UBIGINT)"));
        Assert.Throws<InvalidCastException>(() => Get<byte>(connection, "7"));
        Assert.Equal((byte)7, Get<object>(connection, "CAST(7 AS UTINYINT)"));
        Assert.Equal(7ul, Get<object>(connection, "CAST(7 AS UBIGINT)"));
    }

    [Fact]
    public void A_parameter_of_each_type_comes_back()
    {
        using var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        Back(connection, new DateOnly(2024, 2, 29));
        Back(connection, new TimeOnly(23, 59, 58, 125));
        Back(connection, new DateTime(2024, 2, 29, 1, 2, 3));
        Back(connection, Key);
        Back(connection, 12.50m);
        Back(connection, 1.25f);
        Back(connection, long.MinValue);
        Back(connection, new byte[] { 0, 255 });
        Back(connection, new float[] { 1, -2.5f });
        Back(connection, "\u00E9");
        Back(connection, true);
    }

    private static void Back<T>(NeuroConnection connection, T value)
        where T : notnull
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "SELECT @value";
        command.Parameters.Add(new NeuroParameter("@value", value));
        using DbDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(value, reader.GetFieldValue<T>(0));
    }

    private static void Same<T>(
        NeuroConnection connection, string sql, T first, params object[] rest)
    {
        Assert.Equal(first, Get<T>(connection, sql));
        foreach (object value in rest)
        {
            Assert.Equal(value, typeof(FieldValueTests)
                .GetMethod(nameof(Get), System.Reflection.BindingFlags.NonPublic
                    | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(value.GetType())
                .Invoke(null, [connection, sql]));
        }
    }

    private static T Get<T>(NeuroConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT {sql}";
        using DbDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return reader.GetFieldValue<T>(0);
    }
}
