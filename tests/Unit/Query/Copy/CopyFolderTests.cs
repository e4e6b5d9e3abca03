namespace NeuroDb.Tests.Unit;

/// <summary>COPY of folders of sounds and of texts.</summary>
public sealed class CopyFolderTests
{
    private const string Sounds = "CREATE TABLE t (label TEXT, file TEXT, clip AUDIO(8000))";
    private const string Texts = "CREATE TABLE t (label TEXT, body TEXT, path TEXT)";

    private static readonly byte[] Tone = WavFile.Tone(8000, 8, 100);

    [Fact]
    public void Sounds_come_with_their_folder_as_label_and_their_name()
    {
        using var fixture = new CopyFixture(Sounds);
        string root = Folder(fixture, Tone, "b/2.wav", "a/deep/1.wav");
        Assert.Equal(2, fixture.Session.Execute($"COPY t FROM '{root}' (FORMAT audio_folder)"));
        Assert.Equal(
            ["a|deep/1.wav", "b|2.wav"],
            fixture.Rows("SELECT label, substr(file, 3) FROM t ORDER BY label"));
        Assert.Equal(["0.001"], fixture.Rows("SELECT CAST(max(duration(clip)) AS TEXT) FROM t"));
    }

    [Fact]
    public void A_flat_folder_needs_no_labels()
    {
        using var fixture = new CopyFixture(Sounds);
        string root = Folder(fixture, Tone, "7_anna_1.wav", "7_anna_2.wav");
        Assert.Equal(2, fixture.Session.Execute(
            $"COPY t (file, clip) FROM '{root}' (FORMAT audio_folder)"));
        Assert.Equal(["7_anna_1.wav", "7_anna_2.wav"], fixture.Rows("SELECT file FROM t"));
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY t FROM '{root}' (FORMAT audio_folder)"));
        Assert.Equal(ErrorCode.MalformedFile, error.Code);
    }

    [Fact]
    public void What_is_no_sound_is_quarantined_by_its_path()
    {
        using var fixture = new CopyFixture(Sounds);
        string root = Folder(fixture, Tone, "a/1.wav");
        File.WriteAllBytes(Path.Combine(root, "a", "2.wav"), Tone[..^1]);
        CopyResult result = fixture.Session.CopyFrom(
            "t", root, "FORMAT audio_folder, ON_ERROR quarantine, REJECTS_TABLE bad");
        Assert.Equal(new CopyResult(1, 1, "bad"), result);
        Assert.Equal([Path.Combine("a", "2.wav")], fixture.Rows("SELECT raw_text FROM bad"));
    }

    [Fact]
    public void Texts_are_read_as_UTF8_and_nothing_else()
    {
        using var fixture = new CopyFixture(Texts);
        string root = Folder(
            fixture, [0xEF, 0xBB, 0xBF, .. "caf\u00E9 \U0001F600"u8], "good/1.txt");
        File.WriteAllBytes(Path.Combine(root, "good", "2.txt"), [0xC3, 0x28]);
        File.WriteAllBytes(Path.Combine(root, "good", "3.txt"), []);
        CopyResult result = fixture.Session.CopyFrom(
            "t", root, "FORMAT text_folder, ON_ERROR quarantine, REJECTS_TABLE bad");
        Assert.Equal(new CopyResult(2, 1, "bad"), result);
        Assert.Equal(
            ["caf\u00E9 \U0001F600|good/1.txt", "|good/3.txt"],
            fixture.Rows("SELECT body, path FROM t ORDER BY path"));
        Assert.Equal(2, fixture.Session.Execute(
            $"COPY t (body) FROM '{root}' (FORMAT text_folder, ON_ERROR skip)"));
    }

    [Fact]
    public void A_folder_of_texts_needs_a_column_that_is_called_so()
    {
        using var fixture = new CopyFixture("CREATE TABLE t (a TEXT, b TEXT)");
        string root = Folder(fixture, [], "x/1.txt");
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => fixture.Session.Execute($"COPY t FROM '{root}' (FORMAT text_folder)"));
        Assert.Equal(ErrorCode.WrongColumnCount, error.Code);
    }

    private static string Folder(CopyFixture fixture, byte[] content, params string[] names)
    {
        string root = fixture.Path("folder");
        foreach (string name in names)
        {
            string path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        return root;
    }
}
