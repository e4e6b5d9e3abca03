
namespace NeuroDb.Tests.Unit;

/// <summary>IMAGE columns through the handle: what every way in refuses, and a restart.</summary>
public sealed class ImageColumnTests
{
    private static readonly byte[] Image = [.. "P5 2 2 255\n"u8, 1, 2, 3, 4];

    [Fact]
    public void An_image_column_is_one_after_a_restart_and_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        byte[] large = [.. "P5 300 300 255\n"u8, .. new byte[90_000]];
        using (NeuroStore database = NeuroStore.Open(folder.Path))
        using (Session session = database.OpenSession())
        {
            session.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, pic IMAGE(2,3,1), any IMAGE)");
            session.Execute("INSERT INTO t VALUES (1, ?, ?), (2, ?, NULL)", Image, large, large);
            session.Execute("CHECKPOINT");
            session.Execute("INSERT INTO t VALUES (3, ?, NULL)", Image);
        }

        using NeuroStore again = NeuroStore.Open(folder.Path);
        using Session after = again.OpenSession();
        Assert.Equal(
            "image(2,3,1) image",
            after.QueryScalar<string>("SELECT typeof(pic) || ' ' || typeof(any) FROM t"));
        Assert.Equal(300L, after.QueryScalar<long>("SELECT width(any) FROM t WHERE id = 1"));
        Assert.Equal(304L, after.QueryScalar<long>("SELECT sum(height(pic)) FROM t"));
        Assert.ThrowsAny<NeuroStoreException>(
            () => after.Execute("INSERT INTO t VALUES (4, ?, NULL)", new byte[] { 1, 2 }));
    }

    [Fact]
    public void Streams_and_the_appender_are_checked_too()
    {
        using NeuroStore database = NeuroStore.OpenInMemory();
        using Session session = database.OpenSession();
        session.Execute("CREATE TABLE t (pic IMAGE)");
        session.Execute("INSERT INTO t VALUES (?)", new MemoryStream(Image));
        NeuroStoreException stream = Assert.ThrowsAny<NeuroStoreException>(
            () => session.Execute("INSERT INTO t VALUES (?)", new MemoryStream(Image[..^1])));
        Assert.Equal(ErrorCode.MalformedImage, stream.Code);
        using (Appender appender = session.CreateAppender("t"))
        {
            appender.AppendRow(Image);
            Assert.ThrowsAny<NeuroStoreException>(() => appender.AppendRow(Image[..^1]));
        }

        Assert.Equal(1L, session.QueryScalar<long>("SELECT count(*) FROM t"));
    }
}
