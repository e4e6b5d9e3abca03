using System.Globalization;
using System.Text;

// Pictures are found by pictures: a network that was taught to read digits gives vectors, and the
// nearest vectors are pictures of the same digit.
//   ImageSearch [folder of the four IDX files of MNIST]
// Without the files, digits are drawn here. The pictures that are asked for, and those that are
// found, never trained the network.
string? mnist = args.FirstOrDefault() ?? FindMnist();
string folder = Directory.CreateTempSubdirectory("imagesearch").FullName;
using var db = NeuroStore.Open(Path.Combine(folder, "search.neuro"));
db.Execute("CREATE TABLE photos (id INTEGER PRIMARY KEY, label TEXT NOT NULL, pic IMAGE)");
if (mnist is null)
{
    Draw(3000);
}
else
{
    string images = Path.Combine(mnist, "t10k-images-idx3-ubyte.gz");
    string labels = Path.Combine(mnist, "t10k-labels-idx1-ubyte.gz");
    db.Execute($"COPY photos (label, pic) FROM '{images}' (FORMAT idx, LABELS '{labels}')");
}

// Each 33rd picture is a question; of the others every second one trains, and the rest is searched.
const string Trained = "id % 33 <> 0 AND id % 2 = 1";
const string Kept = "id % 33 <> 0 AND id % 2 = 0";
db.Execute($"""
    CREATE MODEL eye TYPE classifier PREDICT label TRANSFORM (image(pic, 28, 28, 1) AS pic)
      USING lenet5 WITH (epochs = {(mnist is null ? 10 : 8)}, batch_size = 32, seed = 1)
      AS SELECT label, pic FROM photos WHERE {Trained}
    """);
long dimension = db.QueryScalar<long>(
    "SELECT vector_dims(embed(eye, pic)) FROM photos WHERE id = 1");
db.Execute(
    $"CREATE TABLE gallery (id INTEGER PRIMARY KEY, label TEXT, vec VECTOR({dimension}), "
    + "pixels VECTOR(784))");
var pixels = new Dictionary<long, float[]>();
using (ResultReader rows = db.Query($"SELECT id, pic FROM photos WHERE NOT ({Trained})"))
{
    while (rows.Read())
    {
        // A picture of an IDX file is stored as PGM: 784 bytes behind a header.
        byte[] file = rows.GetBlob(1).ToArray();
        pixels[rows.GetInt64(0)] = [.. file[^784..].Select(it => it / 255f)];
    }
}

db.Execute($"INSERT INTO gallery (id, label, vec) SELECT id, label, embed(eye, pic) FROM photos "
    + $"WHERE {Kept}");
foreach ((long id, float[] vector) in pixels.Where(it => it.Key % 33 != 0))
{
    db.Execute("UPDATE gallery SET pixels = ? WHERE id = ?", vector, id);
}

long trained = db.QueryScalar<long>($"SELECT count(*) FROM photos WHERE {Trained}");
long kept = db.QueryScalar<long>("SELECT count(*) FROM gallery");
long[] asked = [.. pixels.Keys.Where(id => id % 33 == 0).Order()];
Console.WriteLine($"{trained} pictures trained, {kept} are searched by {dimension} numbers each, "
    + $"{asked.Length} ask");
int byEye = 0;
int byPixels = 0;
int found = 0;
foreach (long id in asked)
{
    string label = db.QueryScalar<string>("SELECT label FROM photos WHERE id = ?", id) ?? "";
    byte[] pic = db.QueryScalar<byte[]>("SELECT pic FROM photos WHERE id = ?", id) ?? [];
    byEye += Count(
        "SELECT label FROM gallery ORDER BY vec <=> embed(eye, CAST(? AS IMAGE)) LIMIT 10",
        pic, label);
    byPixels += Count(
        "SELECT label FROM gallery ORDER BY pixels <=> ? LIMIT 10", pixels[id], label);
    found += 10;
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"of the ten nearest, {100.0 * byEye / found:F1} % show the digit that was asked for; by the "
    + $"pixels alone {100.0 * byPixels / found:F1} %, by chance about 10 %"));
db.Dispose();
Directory.Delete(folder, recursive: true);
return byEye > byPixels && byEye > found * 8 / 10 ? 0 : 1;

int Count(string sql, object question, string label)
{
    int right = 0;
    using ResultReader rows = db.Query(sql, question);
    while (rows.Read())
    {
        right += rows.GetString(0) == label ? 1 : 0;
    }

    return right;
}

static string? FindMnist()
{
    for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
    {
        string path = Path.Combine(at, "shared", "data", "mnist");
        if (File.Exists(Path.Combine(path, "t10k-images-idx3-ubyte.gz")))
        {
            return path;
        }
    }

    return null;
}

// Digits of 3 x 5 squares at some place, of some brightness, with noise.
void Draw(int count)
{
    const int Side = 28;
    string[] glyphs =
    [
        "75557", "26227", "71747", "71717", "55711", "74717", "74757", "71111", "75757", "75717",
    ];
    var random = new Random(1);
    using Appender appender = db.CreateAppender("photos");
    for (int i = 0; i < count; i++)
    {
        int digit = random.Next(10);
        const int Square = 4;
        int left = random.Next(2, 12);
        int top = random.Next(1, 8);
        int bright = random.Next(140, 255);
        var image = new byte[Side * Side];
        for (int p = 0; p < image.Length; p++)
        {
            int column = ((p % Side) - left) / Square;
            int row = ((p / Side) - top) / Square;
            bool isInside = p % Side >= left && p / Side >= top && column < 3 && row < 5;
            bool isSet = isInside && ((glyphs[digit][row] - '0') >> (2 - column) & 1) == 1;
            image[p] = (byte)Math.Min(255, (isSet ? bright : 0) + random.Next(60));
        }

        appender.AppendRow(
            i + 1,
            $"{digit}",
            (byte[])[.. Encoding.ASCII.GetBytes($"P5 {Side} {Side} 255\n"), .. image]);
    }

    appender.Complete();
}
