using System.Text;

// A folder of small pictures for each digit, drawn here, becomes a table and then a network.
string[] glyphs =
[
    "75557", "26227", "71747", "71717", "55711", "74717", "74757", "71111", "75757", "75717",
];
string folder = Directory.CreateTempSubdirectory("digits").FullName;
var random = new Random(1);
for (int digit = 0; digit < 10; digit++)
{
    string label = Directory.CreateDirectory(Path.Combine(folder, "filedata", $"{digit}")).FullName;
    for (int i = 0; i < 60; i++)
    {
        File.WriteAllBytes(Path.Combine(label, $"{i:D3}.pgm"), Draw(digit));
    }
}

File.WriteAllText(Path.Combine(folder, "filedata", "7", "notes.txt"), "not a picture");
using var db = NeuroStore.Open(Path.Combine(folder, "digits.neuro"));
db.CreateImageTable("digits", 20, 20, 1);
CopyResult loaded = db.ImportFolder("digits", Path.Combine(folder, "filedata"));
Console.WriteLine($"{loaded.RowsLoaded} pictures, {loaded.RowsRejected} quarantined");

(float[] x, int[] y, IReadOnlyList<string> labels) = db.ReadArrays("digits");
Console.WriteLine($"{x.Length} pixels of {y.Length} pictures with {labels.Count} labels");

TrainingSummary cnn = db.Train(
    "digits", "simple_cnn(width=0.5)", "adam", validation: 0.2, epochs: 8, batchSize: 8);
Console.WriteLine(
    $"{cnn.Model}: {cnn.Metric} {cnn.Value:P1} of pictures it never saw, {cnn.Verdict} "
    + $"({cnn.Baseline:P1}), {cnn.Seconds:F1} s");

// The same model in SQL: what is drawn now was in no file.
string seven = db.QueryScalar<string>(
    "SELECT predict(digits_simple_cnn USING ? AS pic)", Draw(7)) ?? "";
double sure = db.QueryScalar<double>(
    "SELECT predict_proba(digits_simple_cnn, '7' USING ? AS pic)", Draw(7));
Console.WriteLine($"a seven is read as {seven}; the network is {sure:P0} sure of one");
long right = db.QueryScalar<long>(
    "SELECT count(*) FROM digits WHERE predict(digits_simple_cnn USING *) = label");
Console.WriteLine($"{right} of {loaded.RowsLoaded} pictures are read as their folder says");
db.DropTable("digits");
db.Dispose();
Directory.Delete(folder, recursive: true);
return cnn.Value > 0.8 && right > 500 ? 0 : 1;

// A digit of 3 x 5 squares at some place, of some brightness, with noise.
byte[] Draw(int digit)
{
    const int Side = 20;
    var pixels = new byte[Side * Side];
    const int Square = 3;
    int left = random.Next(3, 9);
    int top = random.Next(1, 5);
    int bright = random.Next(140, 255);
    for (int i = 0; i < pixels.Length; i++)
    {
        int column = ((i % Side) - left) / Square;
        int row = ((i / Side) - top) / Square;
        bool isInside = i % Side >= left && i / Side >= top && column < 3 && row < 5;
        bool isSet = isInside && ((glyphs[digit][row] - '0') >> (2 - column) & 1) == 1;
        pixels[i] = (byte)Math.Min(255, (isSet ? bright : 0) + random.Next(60));
    }

    return [.. Encoding.ASCII.GetBytes($"P5 {Side} {Side} 255\n"), .. pixels];
}
