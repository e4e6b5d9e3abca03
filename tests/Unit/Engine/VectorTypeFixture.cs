using System.Collections;

namespace NeuroDb.Tests.Unit;

/// <summary>Tables of vectors of every type, with many ties.</summary>
internal static class VectorTypeFixture
{
    public const int Dimension = 37;
    public const int RowCount = 9_500;
    public const int IndexedCount = 4_500;

    public static void Fill(Session session, string type, int count = RowCount)
    {
        session.Execute($"CREATE TABLE items (id BIGINT PRIMARY KEY, part INTEGER, "
            + $"vec {type}({Dimension}))");
        using Appender appender = session.CreateAppender("items");
        for (int i = 0; i < count; i++)
        {
            appender.AppendRow(
                (long)i, i % 17, i % 40 == 7 ? null : VectorOf(type, i % 9_000));
        }

        appender.Complete();
    }

    // Few distinct elements, so that ties are many.
    public static object VectorOf(string type, int seed)
    {
        var random = new Random(seed);
        switch (type)
        {
            case "VECTOR":
                return Enumerable.Range(0, Dimension)
                    .Select(_ => random.Next(-8, 8) / 4f).ToArray();
            case "HALFVEC":
                return Enumerable.Range(0, Dimension)
                    .Select(_ => (Half)(random.Next(-8, 8) / 4.0)).ToArray();
            case "INT8VEC":
                return Enumerable.Range(0, Dimension)
                    .Select(_ => (sbyte)random.Next(-128, 128)).ToArray();
            default:
                var bits = new BitArray(Dimension);
                for (int i = 0; i < Dimension; i++)
                {
                    bits[i] = random.Next(3) == 0;
                }

                return bits;
        }
    }

    public static List<(long Id, double? Distance)> Rows(
        Session session, string sql, params object[] parameters)
    {
        var rows = new List<(long, double?)>();
        using ResultReader reader = session.Query(sql, parameters);
        while (reader.Read())
        {
            rows.Add((reader.GetInt64(0), reader.IsNull(1) ? null : reader.GetDouble(1)));
        }

        return rows;
    }

    public static List<string> Explain(
        Session session, string sql, object query, params object[] rest)
    {
        var lines = new List<string>();
        using ResultReader reader = session.Query("EXPLAIN " + sql, [query, query, .. rest]);
        while (reader.Read())
        {
            lines.Add(reader.GetString(0));
        }

        return lines;
    }
}
