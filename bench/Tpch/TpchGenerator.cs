using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// Makes the eight tables with the distributions of TPC-H 4.2: the same rows for the same scale on
/// every machine. All systems are given each row at once, so that they hold the same data.
/// </summary>
internal sealed class TpchGenerator(double scale, IReadOnlyList<ITpchSystem> systems)
{
    private const int Suppliers = 4;

    private static readonly int StartDay = Day(1992, 1, 1);
    private static readonly int EndDay = Day(1998, 12, 31);
    private static readonly int CurrentDay = Day(1995, 6, 17);

    private static readonly string[] Regions =
        ["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"];

    private static readonly (string Name, int Region)[] Nations =
    [
        ("ALGERIA", 0), ("ARGENTINA", 1), ("BRAZIL", 1), ("CANADA", 1), ("EGYPT", 4),
        ("ETHIOPIA", 0), ("FRANCE", 3), ("GERMANY", 3), ("INDIA", 2), ("INDONESIA", 2),
        ("IRAN", 4), ("IRAQ", 4), ("JAPAN", 2), ("JORDAN", 4), ("KENYA", 0), ("MOROCCO", 0),
        ("MOZAMBIQUE", 0), ("PERU", 1), ("CHINA", 2), ("ROMANIA", 3), ("SAUDI ARABIA", 4),
        ("VIETNAM", 2), ("RUSSIA", 3), ("UNITED KINGDOM", 3), ("UNITED STATES", 1),
    ];

    private static readonly string[] Segments =
        ["AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD"];

    private static readonly string[] Priorities =
        ["1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"];

    private static readonly string[] Instructions =
        ["DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"];

    private static readonly string[] Modes =
        ["REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"];

    private static readonly string[][] TypeParts =
    [
        ["STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO"],
        ["ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED"],
        ["TIN", "NICKEL", "BRASS", "STEEL", "COPPER"],
    ];

    private static readonly string[][] ContainerParts =
    [
        ["SM", "LG", "MED", "JUMBO", "WRAP"],
        ["CASE", "BOX", "BAG", "JAR", "PKG", "PACK", "CAN", "DRUM"],
    ];

    private readonly TpchText _text = new();
    private readonly List<LineItem> _lines = [];

    private int SupplierCount => Math.Max(1, (int)(10_000 * scale));

    private int PartCount => Math.Max(1, (int)(200_000 * scale));

    private int CustomerCount => Math.Max(3, (int)(150_000 * scale));

    private int OrderCount => Math.Max(1, (int)(1_500_000 * scale));

    /// <summary>Makes all tables.</summary>
    public void Run()
    {
        Table("region", Regions.Length, Region);
        Table("nation", Nations.Length, Nation);
        Table("supplier", SupplierCount, Supplier);
        Table("customer", CustomerCount, Customer);
        Table("part", PartCount, Part);
        Table("partsupp", PartCount * Suppliers, PartSupplier);
        Table("orders", OrderCount, Order);
        Table("lineitem", OrderCount, Lines);
        Each(static system => system.Analyze());
    }

    private static int Day(int year, int month, int day) =>
        new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;

    private static int PriceOf(int part) =>
        90_000 + (part / 10 % 20_001) + (100 * (part % 1000));

    private int SupplierOf(int part, int which) => (int)(
        (part + (which * (((long)SupplierCount / Suppliers) + ((part - 1) / SupplierCount))))
        % SupplierCount) + 1;

    // Seven keys of eight are left out in each 32, as in the specification.
    private static long OrderKeyOf(int order) => ((order & ~7L) << 2) | (order & 7L);

    private static string Numbered(string word, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{word}#{number:D9}");

    private static string Phone(TpchRandom random, int nation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{nation + 10}-{random.Between(100, 999)}-{random.Between(100, 999)}-"
        + $"{random.Between(1000, 9999)}");

    private void Each(Action<ITpchSystem> action)
    {
        foreach (ITpchSystem system in systems)
        {
            action(system);
        }
    }

    private void Table(string name, int count, Action<TpchRandom, int> row)
    {
        TpchTable table = TpchTable.All.Single(known => known.Name == name);
        Each(system => system.Begin(table));

        // Orders and their lines come from one stream, so that both tables fit together.
        ulong seed = name == "lineitem" ? 'o' : (ulong)(name[0] + name.Length);
        var random = new TpchRandom(name == "orders" ? 'o' : seed);
        for (int i = 0; i < count; i++)
        {
            row(random, i);
        }

        Each(static system => system.End());
    }

    private void Whole(long value) => Each(system => system.Whole(value));

    private void Number(long hundredths) => Each(system => system.Number(hundredths));

    private void Text(string value) => Each(system => system.Text(value));

    private void Date(int days) => Each(system => system.Date(days));

    private void EndRow() => Each(static system => system.EndRow());

    private void Region(TpchRandom random, int i)
    {
        Whole(i);
        Text(Regions[i]);
        Text(_text.Comment(random, 31, 115));
        EndRow();
    }

    private void Nation(TpchRandom random, int i)
    {
        Whole(i);
        Text(Nations[i].Name);
        Whole(Nations[i].Region);
        Text(_text.Comment(random, 31, 114));
        EndRow();
    }

    private void Supplier(TpchRandom random, int i)
    {
        int nation = random.Between(0, Nations.Length - 1);
        Whole(i + 1);
        Text(Numbered("Supplier", i + 1));
        Text(random.Letters(10, 40));
        Whole(nation);
        Text(Phone(random, nation));
        Number(random.Between(-99_999, 999_999));
        string comment = _text.Comment(random, 25, 80);
        int kind = i % 2000;
        Text(kind == 7 ? comment + "Customer sleep Complaints"
            : kind == 1007 ? comment + "Customer wake Recommends"
            : comment);
        EndRow();
    }

    private void Customer(TpchRandom random, int i)
    {
        int nation = random.Between(0, Nations.Length - 1);
        Whole(i + 1);
        Text(Numbered("Customer", i + 1));
        Text(random.Letters(10, 40));
        Whole(nation);
        Text(Phone(random, nation));
        Number(random.Between(-99_999, 999_999));
        Text(random.Pick(Segments));
        Text(_text.Comment(random, 29, 116));
        EndRow();
    }

    private void Part(TpchRandom random, int i)
    {
        int maker = random.Between(1, 5);
        Whole(i + 1);
        Text(string.Join(' ', Enumerable.Range(0, 5)
            .Select(_ => random.Pick(TpchText.Colors))));
        Text($"Manufacturer#{maker}");
        Text($"Brand#{maker}{random.Between(1, 5)}");
        Text(string.Join(' ', TypeParts.Select(random.Pick)));
        Whole(random.Between(1, 50));
        Text(string.Join(' ', ContainerParts.Select(random.Pick)));
        Number(PriceOf(i + 1));
        Text(_text.Comment(random, 5, 22));
        EndRow();
    }

    private void PartSupplier(TpchRandom random, int i)
    {
        int part = (i / Suppliers) + 1;
        Whole(part);
        Whole(SupplierOf(part, i % Suppliers));
        Whole(random.Between(1, 9999));
        Number(random.Between(100, 100_000));
        Text(_text.Comment(random, 49, 198));
        EndRow();
    }

    private void Order(TpchRandom random, int i)
    {
        OrderHead head = NextOrder(random);
        long total = 0;
        int open = 0;
        foreach (LineItem line in _lines)
        {
            total += (long)Math.Round(
                line.Price * (100 + line.Tax) / 100.0 * (100 - line.Discount) / 100.0);
            open += line.ShipDay > CurrentDay ? 1 : 0;
        }

        Whole(OrderKeyOf(i + 1));
        Whole(head.Customer);
        Text(open == 0 ? "F" : open == _lines.Count ? "O" : "P");
        Number(total);
        Date(head.Day);
        Text(head.Priority);
        Text(Numbered("Clerk", head.Clerk));
        Whole(0);
        Text(head.Comment);
        EndRow();
    }

    private void Lines(TpchRandom random, int i)
    {
        _ = NextOrder(random);
        for (int number = 0; number < _lines.Count; number++)
        {
            LineItem line = _lines[number];
            Whole(OrderKeyOf(i + 1));
            Whole(line.Part);
            Whole(line.Supplier);
            Whole(number + 1);
            Number(line.Quantity * 100L);
            Number(line.Price);
            Number(line.Discount);
            Number(line.Tax);
            Text(line.ReceiptDay > CurrentDay ? "N" : line.IsReturned ? "R" : "A");
            Text(line.ShipDay > CurrentDay ? "O" : "F");
            Date(line.ShipDay);
            Date(line.CommitDay);
            Date(line.ReceiptDay);
            Text(line.Instruction);
            Text(line.Mode);
            Text(line.Comment);
            EndRow();
        }
    }

    private OrderHead NextOrder(TpchRandom random)
    {
        // A third of the customers has no order.
        int customer = random.Between(1, CustomerCount);
        customer -= customer % 3 == 0 ? 1 : 0;
        var head = new OrderHead(
            customer,
            random.Between(StartDay, EndDay - 151),
            random.Pick(Priorities),
            random.Between(1, Math.Max(1, (int)(1000 * scale))),
            _text.Comment(random, 19, 78));
        _lines.Clear();
        int count = random.Between(1, 7);
        for (int i = 0; i < count; i++)
        {
            _lines.Add(NextLine(random, head.Day));
        }

        return head;
    }

    private LineItem NextLine(TpchRandom random, int orderDay)
    {
        int part = random.Between(1, PartCount);
        int quantity = random.Between(1, 50);
        int shipDay = orderDay + random.Between(1, 121);
        return new LineItem(
            part,
            SupplierOf(part, random.Between(0, Suppliers - 1)),
            quantity,
            (long)quantity * PriceOf(part),
            random.Between(0, 10),
            random.Between(0, 8),
            random.Between(0, 1) == 1,
            shipDay,
            orderDay + random.Between(30, 90),
            shipDay + random.Between(1, 30),
            random.Pick(Instructions),
            random.Pick(Modes),
            _text.Comment(random, 10, 43));
    }

    private readonly record struct OrderHead(
        int Customer, int Day, string Priority, int Clerk, string Comment);

    private readonly record struct LineItem(
        int Part,
        int Supplier,
        int Quantity,
        long Price,
        int Discount,
        int Tax,
        bool IsReturned,
        int ShipDay,
        int CommitDay,
        int ReceiptDay,
        string Instruction,
        string Mode,
        string Comment);
}
