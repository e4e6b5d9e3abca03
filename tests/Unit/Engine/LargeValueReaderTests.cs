using NeuroDb.Data;

namespace NeuroDb.Tests.Unit;

/// <summary>Values that lie in files of their own, through ADO.NET.</summary>
public sealed class LargeValueReaderTests : IDisposable
{
    private const int Size = 300_001;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_data_reader_gives_pieces_streams_and_readers()
    {
        byte[] bytes = NumberStream.Bytes(Size);
        string text = string.Concat(Enumerable.Range(0, 30_000).Select(static i => $"\u00FC{i}"));
        using var connection = new NeuroConnection(
            "Data Source=" + Path.Combine(_folder.Path, "db"));
        connection.Open();
        using System.Data.Common.DbCommand command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE t (b BLOB, s TEXT)";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO t VALUES (@b, @s)";
        command.Parameters.Add(new NeuroParameter("@b", new NumberStream(Size)));
        command.Parameters.Add(new NeuroParameter("@s", new StringReader(text)));
        command.ExecuteNonQuery();
        command.Parameters.Clear();
        command.CommandText = "SELECT b, s FROM t";
        using System.Data.Common.DbDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(Size, reader.GetBytes(0, 0, null, 0, 0));
        var piece = new byte[70_000];
        Assert.Equal(70_000, reader.GetBytes(0, 100_000, piece, 0, 70_000));
        Assert.Equal(bytes[100_000..170_000], piece);
        Assert.Equal(text.Length, reader.GetChars(1, 0, null, 0, 0));
        var characters = new char[5000];
        foreach (int place in new[] { 0, 5000, 90_000, 17 })
        {
            Assert.Equal(5000, reader.GetChars(1, place, characters, 0, 5000));
            Assert.Equal(text.Substring(place, 5000), new string(characters));
        }

        using Stream stream = reader.GetStream(0);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(bytes, reader.GetFieldValue<byte[]>(0));
        Assert.Equal(text, reader.GetFieldValue<TextReader>(1).ReadToEnd());
        Assert.Equal(text, reader.GetString(1));
        Assert.Equal(bytes, (byte[])reader.GetValue(0));
    }
}
