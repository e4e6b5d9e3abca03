namespace NeuroDb.Tests.Unit;

/// <summary>AUDIO columns through the handle, and a model that listens.</summary>
public sealed class AudioColumnTests
{
    private static readonly byte[] Tone = WavFile.Tone(8000, 800, 440);

    [Fact]
    public void An_audio_column_is_one_after_a_restart_and_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        byte[] large = WavFile.Tone(44_100, 44_100, 440);
        using (NeuroStore database = NeuroStore.Open(folder.Path))
        using (Session session = database.OpenSession())
        {
            session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, clip AUDIO(8000), any AUDIO)");
            session.Execute("INSERT INTO t VALUES (1, ?, ?), (2, ?, NULL)", Tone, large, large);
            session.Execute("CHECKPOINT");
            session.Execute("INSERT INTO t VALUES (3, ?, NULL)", Tone);
        }

        using NeuroStore again = NeuroStore.Open(folder.Path);
        using Session after = again.OpenSession();
        Assert.Equal(
            "audio(8000) audio",
            after.QueryScalar<string>("SELECT typeof(clip) || ' ' || typeof(any) FROM t"));
        Assert.Equal(1.2, after.QueryScalar<double>("SELECT sum(duration(clip)) FROM t"), 9);
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => after.Execute("INSERT INTO t VALUES (4, ?, NULL)", Tone[..^1]));
        Assert.Equal(ErrorCode.MalformedAudio, error.Code);
    }

    [Fact]
    public void Streams_and_the_appender_are_checked_too()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (clip AUDIO)");
        session.Execute("INSERT INTO t VALUES (?)", new MemoryStream(Tone));
        Assert.ThrowsAny<NeuroStoreException>(
            () => session.Execute("INSERT INTO t VALUES (?)", new MemoryStream(Tone[..^1])));
        using (Appender appender = session.CreateAppender("t"))
        {
            appender.AppendRow(Tone);
            Assert.ThrowsAny<NeuroStoreException>(() => appender.AppendRow(Tone[..^1]));
        }

        Assert.Equal(1L, session.QueryScalar<long>("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_model_learns_tones_and_says_the_same_after_export_and_a_restart()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "tones.model");
        string path = Path.Combine(folder.Path, "db");
        byte[] unheard = WavFile.Tone(16_000, 3000, 1210, 0.3);
        using (NeuroStore database = NeuroStore.Open(path))
        {
            database.Execute("CREATE TABLE t (pitch TEXT, clip AUDIO(8000))");
            for (int i = 0; i < 60; i++)
            {
                bool isHigh = i % 2 == 1;
                database.Execute(
                    "INSERT INTO t VALUES (?, ?)",
                    isHigh ? "high" : "low",
                    WavFile.Tone(8000, 1000 + (i * 20), (isHigh ? 1200 : 400) + i));
            }

            database.Execute("""
                CREATE MODEL tones PREDICT pitch TRANSFORM (log_mel(clip, 16, 0.2) AS clip)
                  USING simple_cnn(width=0.1)
                  WITH (epochs = 10, batch_size = 8, augment = 'shift_frames(2), mask_bands(2)',
                    early_stopping = 0, seed = 1)
                  AS SELECT pitch, clip FROM t
                """);
            Assert.Equal("high", Ask(database, unheard));
            Assert.Equal(
                60L,
                database.QueryScalar<long>(
                    "SELECT count(*) FROM t WHERE predict(tones USING *) = pitch"));
            database.Execute($"EXPORT MODEL tones TO '{file}' FORMAT native");
        }

        using NeuroStore again = NeuroStore.Open(path);
        Assert.Equal("high", Ask(again, unheard));
        again.Execute($"IMPORT MODEL other FROM '{file}' FORMAT native");
        Assert.Equal("low", again.QueryScalar<string>(
            "SELECT predict(other USING ? AS clip)", WavFile.Tone(8000, 900, 420)));
        Assert.Equal(
            "low",
            again.QueryScalar<string>(
                "SELECT predict(tones USING CAST(? AS AUDIO) AS clip)",
                WavFile.Tone(8000, 900, 420)));
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => again.QueryScalar<string>("SELECT predict(tones USING 3 AS clip)"));
        Assert.Equal(ErrorCode.TypeMismatch, error.Code);
    }

    private static string? Ask(NeuroStore database, byte[] clip) =>
        database.QueryScalar<string>("SELECT predict(tones USING ? AS clip)", clip);
}
