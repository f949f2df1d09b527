using PgFleet.Schema;
using PgFleet.Schema.Docs;

namespace PgFleet.Tests.Schema.Docs;

public sealed class ResourcePageTests
{
    [Fact]
    public void A_page_tells_of_each_property_what_a_user_must_know() =>
        Assert.Equal(
            """
            # Sample

            A sample.

            ```
            pulumi import pgfleet:index:Sample main main
            ```

            ## Inputs

            | property | type | | description |
            |---|---|---|---|
            | `name` | string | optional, else chosen and kept, a change replaces | The name. |
            | `username` | string | required | The user. |
            | `password` | string | required, secret | The password. |
            | `port` | integer | optional, else chosen and kept | The port. |
            | `listenAddresses` | list of string | default `["127.0.0.1"]` | Addresses. |
            | `parameters` | map of string | optional | Parameters. |
            | `backup` | object | default `{}` | Backups. |
            | `extensions` | map of object | optional | Extensions. |
            | `encoding` | string | optional, else chosen and kept, a change replaces | The encoding. |
            | `source` | string | optional, a change replaces | What it was made from. |
            | `template` | string | optional, a change replaces | A template. |
            | `deletionProtection` | boolean | default `true` | Guards it. |
            | `share` | number | optional | A share. |
            | `budget` | integer | optional | A budget. |
            | `onDelete` | string | default `refuse` | What Delete does. |
            | `labels` | map of string | optional, a change replaces | Labels. |
            | `tags` | list of string | default `[]` | Tags. |

            ### `backup`

            | property | type | | description |
            |---|---|---|---|
            | `retention` | string | default `24h` | How long. |
            | `directory` | string | optional, a change replaces | Where. |
            | `copies` | integer | optional, else chosen and kept | How many. |

            ### `extensions.<name>`

            | property | type | | description |
            |---|---|---|---|
            | `version` | string | optional, else chosen and kept | The version. |
            | `schema` | string | optional | The schema. |

            ## Outputs

            | property | type | | description |
            |---|---|---|---|
            | `fingerprint` | string |  | What its source says. |
            | `status` | string |  | How it is. |
            | `address` | string |  | Where it is. |
            | `connectionUri` | string |  | How to connect. |
            | `createdAt` | string |  | Since when. |
            | `note` | string | may be absent | What to know. |

            """,
            ResourcePage.Write(new("Sample", "A sample.\n\n```\npulumi import pgfleet:index:Sample main main\n```\n", Sample.Shape)));

    [Fact]
    public void A_function_that_takes_nothing_has_no_section_for_it() =>
        Assert.Equal(
            """
            # listSamples

            All of them.

            ## Outputs

            | property | type | | description |
            |---|---|---|---|
            | `name` | string |  | The name. |
            | `found` | list of object |  | Those found. |

            ### `found[]`

            | property | type | | description |
            |---|---|---|---|
            | `version` | string | may be absent | The version. |
            | `schema` | string | may be absent | The schema. |

            """,
            ResourcePage.Write(new("listSamples", "All of them.", ResourceSchema.OfFunction(SampleContext.Default.SampleNothing, SampleContext.Default.SampleAnswer))));
}
