using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>INTERVAL and TIMESTAMPTZ through the API, and in the log, segments and keys.</summary>
public sealed class TimeTypeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.FromHours(2));
    private static readonly TimeInterval Mixed = new(14, -3, 1_500_000);

    [Fact]
    public void Intervals_and_points_in_time_come_back_from_log_and_segments()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "db");
        for (int opening = 0; opening < 3; opening++)
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            if (opening == 0)
            {
                session.Execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, i INTERVAL UNIQUE, at TIMESTAMPTZ)");
                session.Execute("CREATE INDEX ON t (at)");
                for (int id = 0; id < 100; id++)
                {
                    session.Execute(
                        "INSERT INTO t VALUES (?, ?, ?)",
                        id,
                        id % 7 == 6 ? null : Mixed + new TimeInterval(0, id, 0),
                        id % 5 == 4 ? null : Noon.AddMinutes(id));
                }
            }

            using ResultReader reader = session.Query("SELECT id, i, at FROM t ORDER BY id");
            for (int id = 0; id < 100; id++)
            {
                Assert.True(reader.Read());
                Assert.Equal(id % 7 == 6, reader.IsNull(1));
                Assert.Equal(id % 5 == 4, reader.IsNull(2));
                if (id % 7 != 6)
                {
                    TimeInterval interval = reader.GetFieldValue<TimeInterval>(1);
                    Assert.Equal((14, id - 3, 1_500_000L), (
                        interval.Months, interval.Days, interval.Microseconds));
                }

                if (id % 5 != 4)
                {
                    Assert.Equal(Noon.AddMinutes(id), reader.GetFieldValue<DateTimeOffset>(2));
                }
            }

            Assert.Equal(3, session.QueryScalar<int>(
                "SELECT id FROM t WHERE at = ?", Noon.AddMinutes(3)));
            Assert.Equal(1, session.QueryScalar<int>("SELECT id FROM t WHERE i = ?",
                new TimeInterval(13, 28, 1_500_000)));
            session.Execute(opening == 0 ? "CHECKPOINT" : "VACUUM");
        }
    }

    [Fact]
    public void Times_of_day_come_back_from_log_segments_keys_and_arrays()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "db");
        static TimeOnly Time(int id) => new TimeOnly(7, 59, 30, 250).Add(TimeSpan.FromMinutes(id));
        for (int opening = 0; opening < 3; opening++)
        {
            using NeuroStore database = NeuroStore.Open(path);
            using Session session = database.OpenSession();
            if (opening == 0)
            {
                session.Execute("CREATE TABLE t (at TIME PRIMARY KEY, id INT, all_of TIME[])");
                for (int id = 0; id < 50; id++)
                {
                    session.Execute("INSERT INTO t VALUES (?, ?, ?)",
                        Time(id), id, new TimeOnly?[] { Time(id), null });
                }

                using Appender appender = database.CreateAppender("t");
                appender.Append(Time(50)).Append(50).AppendNull().EndRow();
                appender.Append(new TimeOnly(50)).Append(51).AppendNull().EndRow();
                appender.Complete();
            }

            Assert.Equal(17, session.QueryScalar<int>("SELECT id FROM t WHERE at = ?", Time(17)));
            using (ResultReader reader = session.Query("SELECT at, all_of FROM t WHERE id = 3"))
            {
                Assert.True(reader.Read());
                Assert.Equal(Time(3), reader.GetTime(0));
                Assert.Equal("08:02:30.25", reader.GetString(0));
                Assert.Equal(Time(3).ToTimeSpan(), reader.GetValue(0));
                Assert.Equal(
                    [Time(3).ToTimeSpan(), null], reader.GetFieldValue<TimeSpan?[]>(1));
            }

            Assert.Equal(
                new TimeOnly(50),
                session.QueryScalar<TimeOnly>("SELECT min(at) FROM t WHERE id > 49"));
            session.Execute(opening == 0 ? "CHECKPOINT" : "VACUUM");
        }
    }

    [Fact]
    public void A_point_in_time_has_the_offset_of_the_session()
    {
        using var connection = new NeuroConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SET timezone = '+05:30'";
        command.ExecuteNonQuery();
        command.CommandText = "SELECT CAST(@at AS TIMESTAMPTZ)";
        command.Parameters.Add(new NeuroParameter("@at", Noon));
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(typeof(DateTimeOffset), reader.GetFieldType(0));
        var point = (DateTimeOffset)reader.GetValue(0);
        Assert.Equal((Noon, TimeSpan.FromHours(5.5)), (point, point.Offset));
        Assert.Equal(Noon.UtcDateTime, reader.GetDateTime(0));
        Assert.Equal("2026-06-01 15:30:00+05:30", reader.GetString(0));
    }

    [Fact]
    public void A_span_of_time_is_an_interval_without_months()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        var span = new TimeSpan(3, 4, 5, 6, 7);
        Assert.Equal(span, session.QueryScalar<TimeSpan>("SELECT ?", span));
        Assert.Equal(span, session.QueryScalar<TimeSpan>("SELECT INTERVAL '3 days 04:05:06.007'"));
        Assert.Throws<InvalidCastException>(() =>
            session.QueryScalar<TimeSpan>("SELECT INTERVAL '1 month'"));
    }

    [Theory]
    [InlineData("1 year 2 mons -3 days +04:05:06.789")]
    [InlineData("-1 years -2 mons")]
    [InlineData("00:00:00")]
    [InlineData("-00:00:00.000001")]
    [InlineData("1000000:00:00")]
    public void The_text_of_an_interval_reads_back(string text) =>
        Assert.Equal(text, TimeInterval.Parse(text).ToString());

    [Fact]
    public void Every_interval_reads_back_from_its_text()
    {
        var random = new Random(7);
        for (int i = 0; i < 1000; i++)
        {
            var interval = new TimeInterval(
                random.Next(-5000, 5000), random.Next(-5000, 5000),
                random.NextInt64(-1_000_000_000_000, 1_000_000_000_000));
            TimeInterval read = TimeInterval.Parse(interval.ToString());
            Assert.Equal(
                (interval.Months, interval.Days, interval.Microseconds),
                (read.Months, read.Days, read.Microseconds));
        }
    }
}
