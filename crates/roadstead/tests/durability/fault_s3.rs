//! The S3 store goes away, fails, falls silent, and comes back.

use roadstead_testkit::{Backend, Hub};

use crate::fault::{Away, Before};
use crate::proxy::{Mode, Proxy};
use crate::servers::S3;

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_comes_back_is_used_again_without_a_restart() {
    if Backend::chosen() != Backend::Scaled {
        return;
    }
    let s3 = S3::start().await;
    let proxy = Proxy::before(s3.address()).await;
    let hub = Hub::with()
        .backend(Backend::Embedded)
        .env("ROADSTEAD_STORAGE", format!("s3://{}/hub", S3::BUCKET))
        .env("ROADSTEAD_S3_ENDPOINT", format!("http://{}", proxy.address()))
        .env("ROADSTEAD_S3_PATH_STYLE", "on")
        .env("ROADSTEAD_S3_ACCESS_KEY_ID", S3::ACCESS_KEY)
        .env("ROADSTEAD_S3_SECRET_ACCESS_KEY", S3::SECRET_KEY);
    let mut before = Before::on(hub.start().await).await;

    for mode in [Mode::Answer(500), Mode::Answer(503), Mode::Refuse] {
        println!("{mode:?}");
        proxy.set(mode);
        before.refuses(Away::Store, &[503]).await;
        proxy.set(Mode::Pass);
        before.recovers().await;
    }
    println!("silence");
    proxy.set(Mode::Hang);
    before.refuses(Away::Store, &[503]).await;
    proxy.set(Mode::Pass);
    before.ends_well().await;
}
